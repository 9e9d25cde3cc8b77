namespace Ungroup.Ecs.Changes;

/// <summary>What became of a call.</summary>
internal abstract record Sent
{
    private Sent()
    {
    }

    public sealed record Replied(EcsReply Reply) : Sent;

    /// <summary>It was not made, or what came back concerns the account and not the removal.</summary>
    public sealed record Stopped(Tried Tried) : Sent;
}
