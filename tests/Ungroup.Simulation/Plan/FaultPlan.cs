using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Plan;

/// <summary>
/// How often what goes wrong in one seed. Each kind is absent from about half of all seeds, so that no fault hides what only
/// shows without it; after an instant nothing goes wrong any more, and then the world has to settle.
/// </summary>
internal sealed class FaultPlan
{
    private static readonly (Incident Kind, double Most)[] Rates =
    [
        (Incident.Crashed, 0.02), (Incident.StoreAway, 0.2), (Incident.StoreReplyLost, 0.1), (Incident.StoreWroteLate, 0.05),
        (Incident.StoreSlow, 0.1), (Incident.EcsNotReached, 0.2), (Incident.EcsBroken, 0.2), (Incident.EcsReplyLost, 0.2),
        (Incident.EcsSlow, 0.3), (Incident.EcsServerError, 0.2), (Incident.EcsServerErrorAfterEffect, 0.2), (Incident.EcsThrottled, 0.2),
        (Incident.StaleRead, 0.8), (Incident.BusAway, 0.4), (Incident.BusReplyLost, 0.2), (Incident.RenewalLost, 0.5),
        (Incident.ArrivedTooLate, 0.05), (Incident.CompletionLost, 0.3), (Incident.CopyNotTaken, 0.2), (Incident.CopyReplyLost, 0.2),
        (Incident.Reordered, 0.5), (Incident.EcsTokenExpired, 0.05), (Incident.EcsForeign, 0.2),
        (Incident.EcsForeignAfterEffect, 0.1), (Incident.EcsResent, 0.1),
    ];

    private readonly double[] _rates = new double[Enum.GetValues<Incident>().Length];
    private readonly Chance _chance;
    private readonly History _history;
    private readonly Schedule _schedule;

    public FaultPlan(Chance chance, History history, Schedule schedule)
    {
        (_chance, _history, _schedule) = (chance, history, schedule);
        EndsAt = Schedule.Start + chance.Seconds(60, chance.Hits(0.2) ? 7200 : 1200);
        foreach (var (kind, most) in Rates)
        {
            _rates[(int)kind] = chance.Hits(0.5) ? 0 : most * chance.Pick(0.03, 0.1, 0.3, 1);
        }
    }

    public DateTimeOffset EndsAt { get; }

    /// <summary>
    /// A message that is postponed and not settled becomes two, and where the queue does not know the second copy by its id,
    /// they stay two until the request has its outcome. So often that they multiply without end, nothing can be learned.
    /// </summary>
    public void SpareSettlements()
    {
        foreach (var kind in (ReadOnlySpan<Incident>)[Incident.CompletionLost, Incident.CopyReplyLost])
        {
            _rates[(int)kind] /= 10;
        }
    }

    /// <summary>Where the work of many minutes is waiting, each kind goes wrong ten times less often, and quotas refuse by themselves.</summary>
    public void SpareBacklog()
    {
        for (var kind = 0; kind < _rates.Length; kind++)
        {
            _rates[kind] /= 10;
        }

        _rates[(int)Incident.EcsThrottled] = 0;
    }

    /// <summary>Faults of jobs alone; drawn apart, so that a seed without jobs is what it would be if there were none.</summary>
    public void BeginJobs(Chance chance)
    {
        foreach (var (kind, most) in ((Incident, double)[])[
            (Incident.SendNotTaken, 0.2), (Incident.SendReplyLost, 0.2), (Incident.MessageLost, 0.05), (Incident.PageEmpty, 0.8), (Incident.TokenRefused, 0.6)])
        {
            _rates[(int)kind] = chance.Hits(0.5) ? 0 : most * chance.Pick(0.03, 0.1, 0.3, 1);
        }
    }

    public bool IsOver => _schedule.Now >= EndsAt;

    /// <summary>Whether it goes wrong this time.</summary>
    public bool Hits(Incident kind)
    {
        if (IsOver || _rates[(int)kind] <= 0 || !_chance.Hits(_rates[(int)kind]))
        {
            return false;
        }

        _history.Count(kind);
        return true;
    }
}
