namespace Ungroup.Ecs;

/// <param name="Name">As requests write it.</param>
/// <param name="Endpoint">The URL of every call, or null where the region decides.</param>
/// <param name="Credentials">Where its credentials come from.</param>
internal sealed record Account(string Name, string? Endpoint, ICredentialsProvider Credentials);
