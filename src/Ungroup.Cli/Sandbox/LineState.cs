using Ungroup.Cli.Worker;
using Ungroup.Messages;

namespace Ungroup.Cli.Sandbox;

internal sealed record LineState(RequestLine Line)
{
    public bool IsWorkedOn { get; init; }

    public DateTimeOffset? WaitsUntil { get; init; }

    public string? WaitsWhy { get; init; }

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
            ? next with { End = new(told.ReadFacts(), told.Id, settlement is Settlement.DeadLetter, settlement.Replayed) }
            : next;
    }
}

internal sealed record LineEnd(OutcomeFacts Outcome, string EventId, bool DeadLettered, bool Replayed);
