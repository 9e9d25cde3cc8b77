using Ungroup.Cli.Worker;
using Ungroup.Messages;

namespace Ungroup.Cli.Sandbox.Lines;

internal sealed record LineState(RequestLine Line)
{
    public bool IsWorkedOn { get; init; }

    public DateTimeOffset? WaitsUntil { get; init; }

    public string? WaitsWhy { get; init; }

    /// <summary>Its message is done with, and the job that it brought is not.</summary>
    public bool IsTaken { get; init; }

    /// <summary>Of a job: how many resources its plan has; 0 before there is one.</summary>
    public int JobTotal { get; init; }

    /// <summary>Of a job: how many of its requests have ended.</summary>
    public int JobDone { get; init; }

    public LineEnd? End { get; init; }

    public int Deliveries { get; init; }

    public CallCount Calls { get; init; }

    public bool IsDone => End is not null || (IsTaken && Line.Job is not null);

    public LineState After(Delivery delivery, Settlement settlement)
    {
        var next = this with
        {
            IsWorkedOn = false,
            IsTaken = settlement is Settlement.Complete,
            Deliveries = Deliveries + delivery.DeliveryCount,
            Calls = Calls + settlement.Calls,
            WaitsUntil = (settlement as Settlement.Postpone)?.Until,
            WaitsWhy = (settlement as Settlement.Postpone)?.Why,
        };
        return settlement.Outcome is { } told
            ? next with { End = new(told.ReadFacts(), told.Id, settlement is Settlement.DeadLetter, settlement.Replayed) { Counts = JobNews.Read(told.Json)?.Counts } }
            : next;
    }
}

internal sealed record LineEnd(OutcomeFacts Outcome, string EventId, bool DeadLettered, bool Replayed)
{
    /// <summary>Of a job: the outcomes of its requests by status, and those that were never issued.</summary>
    public IReadOnlyDictionary<string, int>? Counts { get; init; }
}
