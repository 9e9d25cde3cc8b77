using Ungroup.Cli.Worker;
using Ungroup.Messages;

namespace Ungroup.Cli.Sandbox;

/// <summary>How far one line has come.</summary>
internal sealed record LineState(RequestLine Line)
{
    public bool IsWorkedOn { get; init; }

    /// <summary>When its postponed copy arrives, while it waits.</summary>
    public DateTimeOffset? WaitsUntil { get; init; }

    public string? WaitsWhy { get; init; }

    /// <summary>What became of it; null until its message was completed or dead-lettered.</summary>
    public LineEnd? End { get; init; }

    public int Deliveries { get; init; }

    public CallCount Calls { get; init; }

    public LineState After(Delivery delivery, Settlement settlement)
    {
        var next = this with
        {
            IsWorkedOn = false,
            Deliveries = Deliveries + delivery.DeliveryCount,
            Calls = Calls + settlement.Calls,
            WaitsUntil = (settlement as Settlement.Postpone)?.Until,
            WaitsWhy = (settlement as Settlement.Postpone)?.Why,
        };
        return settlement.Outcome is { } told
            ? next with { End = new(ToldOutcome.Of(told), told.Id, settlement is Settlement.DeadLetter, settlement.Replayed) }
            : next;
    }
}

/// <summary>How a line ended.</summary>
internal sealed record LineEnd(ToldOutcome Outcome, string EventId, bool DeadLettered, bool Replayed);
