using Ungroup.Simulation.Invariants;
using Ungroup.Simulation.Invariants.Calls;
using Ungroup.Simulation.Invariants.Containment;
using Ungroup.Simulation.Invariants.Jobs;
using Ungroup.Simulation.Invariants.Messages;
using Ungroup.Simulation.Invariants.Outcomes;
using Ungroup.Simulation.Invariants.Quotas;

namespace Ungroup.Simulation.Plan;

/// <summary>A world that is broken on purpose, and the invariant that has to notice. A break that is not noticed here would not be noticed in the product.</summary>
/// <param name="Defect">The break.</param>
/// <param name="Sentence">How.</param>
/// <param name="Invariant">The invariant that it breaks.</param>
internal sealed record Variant(Defect Defect, string Sentence, string Invariant)
{
    /// <summary>Where jobs are broken, there are jobs in every seed.</summary>
    public static bool NeedsJobs(Defect defect) => defect is >= Defect.PlansGrow and <= Defect.RowsOfPlansAreLost;

    public static IReadOnlyList<Variant> All { get; } =
    [
        new(Defect.UnconditionalWrites, "The store ignores the version that a write expects.", nameof(OneCallAtATime)),
        new(Defect.InsertOverwrites, "The store inserts over what is there.", nameof(OneOutcomePerRequest)),
        new(Defect.DecidedIsLost, "The store confirms an outcome and loses it.", nameof(CompletedMeansDurable)),
        new(Defect.CalledIsLost, "The store confirms that a call is about to be made and loses it.", nameof(CallsAreMadeUnderARecord)),
        new(Defect.MayHaveLeftIsForgotten, "The store forgets that a call may have had its effect.", nameof(OutcomesAreTrue)),
        new(Defect.PayloadHashIgnored, "The store says of every request that it is the one it knows.", nameof(ConflictsNeverReachEcs)),
        new(Defect.LeaseByWorkerClock, "Leases are judged by the clocks of the workers.", nameof(OneCallAtATime)),
        new(Defect.LeaseTooShort, "A lease ends before a call does.", nameof(OneCallAtATime)),
        new(Defect.CompletesBeforeRecording, "The host completes a message before it is handled.", nameof(CompletedMeansDurable)),
        new(Defect.CompletesBeforeCopying, "The host completes a message before it sends the copy.", nameof(CompletedMeansDurable)),
        new(Defect.AbandonsInsteadOfPostponing, "The host abandons what should wait.", nameof(WaitsBurnNoDelivery)),
        new(Defect.LockLossIgnored, "The host does not tell the handler that the lock is lost.", nameof(CallsAreMadeUnderTheLock)),
        new(Defect.CircuitsPerDelivery, "Every delivery has circuits and quotas of its own.", nameof(ThrottledMeansQuiet)),
        new(Defect.PacePerDelivery, "Every delivery learns the quotas anew.", nameof(CallsStayWithinTheBudget)),
        new(Defect.BusDropsEvents, "The bus confirms outcomes and drops them.", nameof(EveryOutcomeIsTold)),
        new(Defect.BusDropsRejections, "The bus confirms rejections and drops them.", nameof(RejectedMeansTold)),
        new(Defect.RandomEventIds, "An event gets another id each time it is sent.", nameof(OnlyTheDecidedIsTold)),
        new(Defect.RejectionsShareTheirKey, "A rejection has the id of its key.", nameof(OneIdIsOneEvent)),
        new(Defect.SweepReadsTheOldestOnly, "The store reads the oldest of those that are due, whatever was tried before.", nameof(EveryOutcomeIsToldInTime)),
        new(Defect.PropertiesAreBelieved, "The host believes when a message says that it came first.", nameof(DeadlinesAreTheirOwn)),
        new(Defect.PublishesBeforeDeciding, "An outcome is told before it is durable.", nameof(OnlyTheDecidedIsTold)),
        new(Defect.ReadsLieAbsent, "Reads of a resource never show the group.", nameof(OutcomesAreTrue)),
        new(Defect.GuardrailsForgotten, "The guardrails are empty.", nameof(ProtectedIsNeverCalled)),

        // As a store is that asks the operating system: quick, and blind to a call that the dead have sent before they died.
        new(Defect.TheDeadAreKnownAtOnce, "A lease ends with its process, whose call may still be on its way.", nameof(OneCallAtATime)),

        // To a request that is permitted it is the same whether ECS or the product takes one refusal for all.
        new(Defect.DenialsSpread, "What is denied about one group is denied about every group of the account.", nameof(RefusalsHoldNobodyElseUp)),

        new(Defect.ForeignersSpeakAsEcs, "What stands between says in ECS's own words that it is done.", nameof(OutcomesAreTrue)),
        new(Defect.NoncesIgnored, "A call that something in between has sent again is carried out again.", nameof(OutcomesAreTrue)),
        new(Defect.LocksHidden, "The broker does not say until when a message is locked.", nameof(CopiesComeInTime)),

        // The product never leaves a last group that it sees; ECS keeps it from one that it does not see.
        new(Defect.LastGroupMayGo, "ECS lets a resource leave its last group.", nameof(NoResourceIsInNoGroup)),
        new(Defect.ContainsAreForShow, "ECS shows what a contain has asked for, and has not done it.", nameof(ContainedMeansAlone)),
        new(Defect.RestoresAreForShow, "ECS shows what a restore has asked for, and has not done it.", nameof(RestoredMeansBack)),
        new(Defect.JoiningReplaces, "Who joins a group leaves all others.", nameof(RestoresTakeNothingAway)),
        new(Defect.SnapshotsAreLost, "The store confirms a snapshot and loses it.", nameof(SnapshotsComeFirst)),
        new(Defect.HoldsAreForgotten, "The store confirms who holds a resource and forgets it.", nameof(HeldMeansAlone)),
        new(Defect.RemovedIsForgotten, "The store forgets which groups removals have ended for.", nameof(RemovalsWin)),
        new(Defect.AttemptsAreForgotten, "The store forgets that a call was made when a request waits.", nameof(WhatHasBegunIsSeenThrough)),
        new(Defect.StopsAreNotSeen, "Workers never see a hold.", nameof(HoldsAreObeyed)),
        new(Defect.ChangesAreNotCounted, "The store forgets what of an hour's number was taken.", nameof(NoMoreThanTheHoursNumber)),
        new(Defect.TagsAreNotSeen, "ECS shows no tag that somebody has set.", nameof(TagsAreObeyed)),
        new(Defect.PlansGrow, "The store shows a driver other resources than its plan has.", nameof(JobsChangeTheirPlanAlone)),
        new(Defect.PlansAreRewritten, "Somebody rewrites the rows of a plan that was approved.", nameof(PlansStay)),
        new(Defect.ListsLeaveOut, "ECS leaves a member out of its lists, and counts without it.", nameof(PlansAreWhole)),
        new(Defect.HeadsAreOverwritten, "The store takes every write of a job, whatever was written since.", nameof(JobsEndOnce)),
        new(Defect.ApprovalsAreNotAsked, "Workers read of every job that nobody has to approve it.", nameof(NothingRunsUnapproved)),
        new(Defect.CancelsAreNotSeen, "Workers never see that a job is cancelled.", nameof(CancelsAreObeyed)),
        new(Defect.FailuresAreForgotten, "The store forgets how many requests of a job have failed.", nameof(FailuresStopJobs)),
        new(Defect.CountsAreForgotten, "The store forgets what the requests of a job have ended as.", nameof(JobCountsAreTrue)),
        new(Defect.JobsAreNotWoken, "No sweep wakes a job whose message is gone.", nameof(EverythingEnds)),
        new(Defect.JobsSeemEnded, "Whoever makes a job of another reads that it has ended.", nameof(JobsFollowAnEnd)),
        new(Defect.ResultsAreForgotten, "The store says of every request of a job that it has failed.", nameof(PlansAreWhole)),
        new(Defect.RowsOfPlansAreLost, "The store keeps the first row of a plan alone.", nameof(PlansAreWhole)),
    ];
}
