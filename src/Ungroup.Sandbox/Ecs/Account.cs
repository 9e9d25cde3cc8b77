namespace Ungroup.Sandbox.Ecs;

/// <summary>An account that may call. With a <see cref="SecurityToken"/> the key is a temporary one and the token must come along.</summary>
public sealed record Account(string Name, string AccountId, string AccessKeyId, string AccessKeySecret, string? SecurityToken = null);
