using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Ecs.Changes;

/// <summary>The state that earlier deliveries of a request left behind, and how the next attempt is made durable.</summary>
internal sealed record RemovalProgress
{
    /// <summary>A call of an earlier owner may have had its effect: read the membership before anything else.</summary>
    public bool MayHaveLeft { get; init; }

    public int Postponements { get; init; }

    /// <summary>From this instant on no attempt is made.</summary>
    public required DateTimeOffset Deadline { get; init; }

    public string? LastCode { get; init; }

    /// <summary>A call of an earlier delivery was refused because others had used the quota.</summary>
    public bool QuotaUsedByOthers { get; init; }

    /// <summary>A guardrail says no since a call of ours that may have worked: ECS is asked what is true, and no further call is made.</summary>
    public Outcome? Refused { get; init; }

    /// <summary>
    /// Asks the guardrails about the instance of an interface, or the interfaces of an instance. Null where none of them wants to know, so
    /// that nothing is read for it.
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

    /// <summary>As the ledger has it. The record counts how often the request was taken up; what a message says of itself, anybody can write.</summary>
    public static RemovalProgress Of(Lease lease, RemovalLedger ledger) => new()
    {
        MayHaveLeft = lease.Record.MayHaveLeft,
        Postponements = lease.Record.Epoch - 1,
        Deadline = lease.Record.Deadline,
        LastCode = lease.Record.LastCode,
        QuotaUsedByOthers = lease.Record.MetOthers,
        BeginAttemptAsync = cancellationToken => ledger.BeginAttemptAsync(lease, cancellationToken),
        TakeBackAttempt = lease.TakeBackAttempt,
        CountUnfamiliarReply = lease.CountUnfamiliarReply,
    };
}
