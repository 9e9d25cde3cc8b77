using Ungroup.Messages;

namespace Ungroup.Intake;

/// <summary>The queues requests go to. An incident has one of its own, so that it never waits behind a clean-up.</summary>
public static class RequestQueues
{
    /// <summary>The queue of upstream systems and clean-ups.</summary>
    public const string Removals = QueueNames.Removals;

    /// <summary>The queue of incident response.</summary>
    public const string Incidents = QueueNames.Incidents;

    /// <summary>The queue that jobs are driven by. Nobody but Ungroup sends to it.</summary>
    public const string Jobs = QueueNames.Jobs;

    internal static IReadOnlyList<string> All { get; } = [Removals, Incidents];

    /// <summary>Those that a worker works on where it is not told otherwise.</summary>
    internal static IReadOnlyList<string> Worked { get; } = [.. All, Jobs];

    /// <summary>On whose behalf a request counts to be made where the body's word is not enough: an incident is what came by the queue of incidents.</summary>
    /// <param name="queue">Null where nobody knows it any more: then the body's word counts.</param>
    /// <param name="claimed">The body's word.</param>
    internal static Origin OriginBy(string? queue, Origin claimed) =>
        queue is null ? claimed
        : queue == Incidents ? Origin.Incident
        : claimed == Origin.Incident ? Origin.Upstream
        : claimed;

    internal static string For(Origin origin) => QueueNames.For(origin);
}
