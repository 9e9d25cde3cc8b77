namespace Ungroup.Simulation.Plan;

/// <summary>Ways to break the world around the product, or its host, each of which some invariant has to notice.</summary>
internal enum Defect
{
    None,
    UnconditionalWrites,
    InsertOverwrites,
    DecidedIsLost,
    CalledIsLost,
    MayHaveLeftIsForgotten,
    PayloadHashIgnored,
    LeaseByWorkerClock,
    LeaseTooShort,
    CompletesBeforeRecording,
    CompletesBeforeCopying,
    AbandonsInsteadOfPostponing,
    LockLossIgnored,
    CircuitsPerDelivery,
    PacePerDelivery,
    BusDropsEvents,
    BusDropsRejections,
    RandomEventIds,
    PublishesBeforeDeciding,
    ReadsLieAbsent,
    GuardrailsForgotten,
    TheDeadAreKnownAtOnce,
    DenialsSpread,
    ForeignersSpeakAsEcs,
    NoncesIgnored,
    LocksHidden,
}
