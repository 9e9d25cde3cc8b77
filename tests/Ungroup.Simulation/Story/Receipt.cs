using Ungroup.Messages;
using Ungroup.Simulation.Plan;

namespace Ungroup.Simulation.Story;

/// <summary>One delivery of one message: who got it, under which lock.</summary>
internal sealed record Receipt(long Sequence, string MessageId, int Count, long Token, string Process, Letter Letter)
{
    public required DateTimeOffset LockedUntil { get; init; }

    public required Delivery Delivery { get; init; }

    public override string ToString() => $"#{Sequence} {MessageId} (delivery {Count}, lock {Token})";
}
