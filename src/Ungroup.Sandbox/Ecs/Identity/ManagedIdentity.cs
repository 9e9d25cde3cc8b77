namespace Ungroup.Sandbox.Ecs.Identity;

/// <summary>An identity the sandbox's app has: the system-assigned one has no <see cref="ClientId"/>.</summary>
internal sealed record ManagedIdentity(string ObjectId, string? ClientId = null);
