namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>Temporary credentials that were issued, and for whom.</summary>
internal sealed record Session(Role Role, string Name, DateTimeOffset Expires, SessionPolicy? Policy)
{
    public required string AccessKeyId { get; init; }

    public required string AccessKeySecret { get; init; }

    public required string SecurityToken { get; init; }
}
