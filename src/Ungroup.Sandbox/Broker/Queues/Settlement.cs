namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>What a receiver wants to become of a message it has locked.</summary>
internal abstract record Settlement
{
    private Settlement()
    {
    }

    public sealed record Complete : Settlement;

    public sealed record Abandon(PayloadEdit? Edit = null) : Settlement;

    public sealed record Defer(PayloadEdit? Edit = null) : Settlement;

    public sealed record DeadLetter(DeadLetterReason? Why = null, PayloadEdit? Edit = null) : Settlement;

    /// <summary>The message reached nobody, or somebody who gave it back unseen, so this delivery is not counted.</summary>
    public sealed record Return : Settlement;
}

internal sealed record DeadLetterReason(string? Reason, string? Description);
