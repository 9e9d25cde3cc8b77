namespace Ungroup.Ecs;

/// <summary><paramref name="Endpoint"/> is null where the region decides.</summary>
internal sealed record Account(string Name, string? Endpoint, ICredentialsProvider Credentials);
