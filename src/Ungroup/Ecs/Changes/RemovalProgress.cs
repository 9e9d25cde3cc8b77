using Ungroup.Messages;

namespace Ungroup.Ecs.Changes;

/// <summary>What earlier deliveries of the same request left behind, and how the next attempt is made durable.</summary>
internal sealed record RemovalProgress
{
    /// <summary>A call of an earlier owner may have had its effect: read the membership before anything else.</summary>
    public bool MayHaveLeft { get; init; }

    /// <summary>How often the message was postponed before.</summary>
    public int Postponements { get; init; }

    /// <summary>From this instant on no attempt is made.</summary>
    public required DateTimeOffset Deadline { get; init; }

    /// <summary>Code of the last no, from an earlier delivery.</summary>
    public string? LastCode { get; init; }

    /// <summary>A call of an earlier delivery was refused because somebody else had used the quota.</summary>
    public bool MetOthers { get; init; }

    /// <summary>A guardrail says no since a call of ours that may have worked: ECS is asked what is true, and no further call is made.</summary>
    public Outcome? Refused { get; init; }

    /// <summary>
    /// What a guardrail says once it is known which instance the interface belongs to, or which interfaces the instance has. Null where
    /// none wants to know, and so nothing is read for it.
    /// </summary>
    public Func<IReadOnlyList<string>, Outcome?>? RefuseRelatives { get; init; }

    /// <summary>
    /// Writes <c>Called(attempt n)</c> and renews the lease. Awaited before every LeaveSecurityGroup;
    /// false means the lease is lost and the call must not be made.
    /// </summary>
    public required Func<CancellationToken, Task<bool>> BeginAttemptAsync { get; init; }

    /// <summary>The call that was begun never left this machine: it was no attempt.</summary>
    public required Action TakeBackAttempt { get; init; }

    /// <summary>Counts a reply whose code is not known here, and says how many there were of this request by now.</summary>
    public required Func<int> CountUnfamiliarReply { get; init; }
}
