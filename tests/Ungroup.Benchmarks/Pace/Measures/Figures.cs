using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace.Measures;

/// <summary>The figures of a run.</summary>
internal sealed record Figures
{
    /// <summary>The steady part.</summary>
    public required Share Steady { get; init; }

    /// <summary>From the first message to the last.</summary>
    public required Share Whole { get; init; }

    /// <summary>Jain's index of the calls served per instance in the steady part.</summary>
    public required double Jain { get; init; }

    /// <summary>How long after the quota fell the fleet had understood; null where it does not fall.</summary>
    public TimeSpan? Drop { get; init; }

    /// <summary>How long after the quota rose the fleet used it; null where it does not rise.</summary>
    public TimeSpan? Rise { get; init; }

    public required int OutOfRetries { get; init; }

    /// <summary>Messages neither served nor given up when the run was stopped, where it should have been able to end.</summary>
    public required int Unfinished { get; init; }

    public required TimeSpan HoldP99 { get; init; }

    public required TimeSpan HoldMax { get; init; }

    public required int OverLock { get; init; }

    /// <summary>How often a message was given back, on average over those that were settled.</summary>
    public required double Postponed { get; init; }

    /// <summary>Calls of other tenants that were refused, of 1,000 of theirs.</summary>
    public required double OthersRefused { get; init; }

    public static Figures Of(Scenario scenario, Contender contender, Log log)
    {
        var plan = scenario.Plan(log.Start);
        var steady = Measures.Steady.Of(plan, log.Start, log.LastHandedOut);
        return new()
        {
            Steady = Share.Of(steady, plan, log),
            Whole = Share.Of([new(log.Start, log.End)], plan, log),
            Jain = Fairness.Jain(ServedEach(steady, scenario.Instances, log)),
            Drop = plan.Steps is [var drop, var end] ? DropOf(plan, new(drop.At, end.At), drop.PerSecond, log) : null,
            Rise = plan.Steps is [.., var rise] ? RiseOf(plan, new(rise.At, log.End), (1 - contender.Reserve) * rise.PerSecond, log) : null,
            OutOfRetries = log.OutOfRetries,
            Unfinished = scenario.Steps ? 0 : log.Unfinished,
            HoldP99 = Order.Rank(log.Holds, 0.99),
            HoldMax = Order.Rank(log.Holds, 1),
            OverLock = log.Holds.Count(hold => hold > Briefing.Lock),
            Postponed = (double)log.Postponements / (log.Jobs - log.Unfinished),
            OthersRefused = 1_000.0 * log.Calls.Count(call => call is { IsOurs: false, Served: false }) / log.Calls.Count(call => !call.IsOurs),
        };
    }

    private static int[] ServedEach(IReadOnlyList<Stretch> parts, int instances, Log log)
    {
        var served = new int[instances];
        foreach (var call in log.Calls.Where(call => call is { IsOurs: true, Served: true } && parts.Any(part => part.Holds(call.ArrivedAt))))
        {
            served[call.Instance]++;
        }

        return served;
    }

    /// <summary>In a window from the first refusal on: while it still serves calls nobody can know that it has shrunk.</summary>
    private static TimeSpan DropOf(QuotaPlan plan, Stretch low, int perSecond, Log log)
    {
        var sent = log.Calls.Where(call => call.IsOurs).Select(call => call.SentAt).Order().ToArray();
        var shown = log.Calls.Where(call => call is { IsOurs: true, Served: false } && low.Holds(call.ArrivedAt)).Select(call => call.SentAt).DefaultIfEmpty(low.From).First();
        return plan.Shape == QuotaShape.Window
            ? Convergence.DropOfWindow(sent, low with { From = shown }, perSecond, plan.TurnsLate)
            : Convergence.DropOfBucket(sent, low, perSecond);
    }

    private static TimeSpan RiseOf(QuotaPlan plan, Stretch high, double perSecond, Log log)
    {
        var served = log.Calls.Where(call => call is { IsOurs: true, Served: true }).Select(call => call.ArrivedAt).ToArray();
        return plan.Shape == QuotaShape.Window
            ? Convergence.RiseOfWindow(served, high, perSecond, plan.TurnsLate)
            : Convergence.RiseOfBucket(served, high, perSecond);
    }
}
