using Ungroup.Simulation.Invariants.Calls;
using Ungroup.Simulation.Invariants.Containment;
using Ungroup.Simulation.Invariants.Jobs;
using Ungroup.Simulation.Invariants.Messages;
using Ungroup.Simulation.Invariants.Outcomes;
using Ungroup.Simulation.Invariants.Quotas;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

/// <summary>Something that must hold of every history, whatever goes wrong in it.</summary>
internal interface IInvariant
{
    /// <summary>Says in a sentence what is broken where it does not hold.</summary>
    string Sentence { get; }

    /// <summary>The first line that breaks it; null where it holds.</summary>
    Line? FirstBreak(IReadOnlyList<Line> lines);
}

/// <summary>An invariant that does not hold, and where it first did not.</summary>
internal sealed record Breach(string Invariant, string Sentence, Line Line);

internal static class Invariant
{
    public static IReadOnlyList<IInvariant> All { get; } =
    [
        new CallsAreMadeUnderTheLease(), new CallsAreMadeUnderTheLock(), new CallsAreMadeUnderARecord(), new OneCallAtATime(),
        new NoCallOnceDecided(), new OneEffectiveRemoval(), new DeadlinesAreRespected(), new ProtectedIsNeverCalled(), new TagsAreObeyed(),
        new DryRunsChangeNothing(), new ConflictsNeverReachEcs(), new ThrottledMeansQuiet(), new CallsStayWithinTheBudget(), new RefusalsHoldNobodyElseUp(), new CompletedMeansDurable(),
        new RejectedMeansTold(), new OneOutcomePerRequest(), new OnlyTheDecidedIsTold(), new OneEventIsOneText(), new OneIdIsOneEvent(),
        new PublishedMeansTaken(), new OutcomesAreTrue(), new AttemptsAreCounted(), new WaitsBurnNoDelivery(), new WaitsAreWaits(), new CopiesComeInTime(),
        new NothingThrows(), new ReplaysChangeNothing(), new EverythingEnds(), new EveryOutcomeIsTold(), new EveryOutcomeIsToldInTime(), new DeadlinesAreTheirOwn(),
        new NoResourceIsInNoGroup(), new ContainedMeansAlone(), new RestoredMeansBack(), new RestoresTakeNothingAway(), new RemovalsWin(), new SnapshotsComeFirst(),
        new HeldMeansAlone(), new WhatHasBegunIsSeenThrough(), new HoldsAreObeyed(), new NoMoreThanTheHoursNumber(),
        new JobsChangeTheirPlanAlone(), new PlansStay(), new PlansAreWhole(), new JobsEndOnce(), new JobCountsAreTrue(), new NothingRunsUnapproved(), new CancelsAreObeyed(), new FailuresStopJobs(), new JobsFollowAnEnd(),
    ];

    /// <summary>Invariants that do not hold, the one that failed first in front.</summary>
    public static IReadOnlyList<Breach> Broken(History history) =>
    [
        .. All
            .Select(invariant => invariant.FirstBreak(history.Lines) is { } line ? new Breach(invariant.GetType().Name, invariant.Sentence, line) : null)
            .OfType<Breach>()
            .OrderBy(breach => breach.Line.Number),
    ];
}
