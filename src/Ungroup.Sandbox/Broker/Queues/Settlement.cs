namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>A receiver's wish for a message that it has locked.</summary>
internal abstract record Settlement
{
    private Settlement(PayloadEdit? edit = null) => Edit = edit;

    /// <summary>Its changes of the message.</summary>
    public PayloadEdit? Edit { get; }

    public sealed record Complete : Settlement;

    public sealed record Abandon(PayloadEdit? Changes = null) : Settlement(Changes);

    public sealed record Defer(PayloadEdit? Changes = null) : Settlement(Changes);

    public sealed record DeadLetter(DeadLetterReason? Why = null, PayloadEdit? Changes = null) : Settlement(Changes);

    /// <summary>The message reached nobody, or somebody who gave it back unseen, so this delivery is not counted.</summary>
    public sealed record Return : Settlement;
}

internal sealed record DeadLetterReason(string? Reason, string? Description);
