using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Ecs.Changes;

internal sealed record RemovalProgress
{
    /// <summary>A call of an earlier owner may have had its effect: read the membership before anything else.</summary>
    public bool MayHaveLeft { get; init; }

    public int Postponements { get; init; }

    public required DateTimeOffset Deadline { get; init; }

    public string? LastCode { get; init; }

    public bool QuotaUsedByOthers { get; init; }

    /// <summary>Why it waited last; null where it never did.</summary>
    public WaitReason? Waited { get; init; }

    /// <summary>A guardrail refuses since a call of ours that may have worked: ECS is asked what is true, and no further call is made.</summary>
    public Outcome? Refused { get; init; }

    /// <summary>Asks the guardrails about the instance of an interface, or an instance's interfaces. Null where none wants to know.</summary>
    public Func<IReadOnlyList<string>, Outcome?>? RefuseRelatives { get; init; }

    /// <summary>Asks the guardrails about a resource and its tags. Null where none wants to know.</summary>
    public Func<string, IReadOnlyList<KeyValuePair<string, string>>, Outcome?>? RefuseTags { get; init; }

    /// <summary>Whether something has to be read of the resource before it is changed.</summary>
    public bool NeedsLook => RefuseRelatives is not null || RefuseTags is not null;

    /// <summary>Writes <c>Called(attempt n)</c> before every call that changes something. False: the lease is lost, make no call.</summary>
    public required Func<CancellationToken, Task<bool>> BeginAttemptAsync { get; init; }

    public required Action TakeBackAttempt { get; init; }

    public required Func<int> CountUnfamiliarReply { get; init; }

    /// <summary>The contain or restore that changes the resource now; null where none does. Asked before every LeaveSecurityGroup.</summary>
    public Func<CancellationToken, Task<string?>> HolderAsync { get; init; } = _ => Task.FromResult<string?>(null);

    /// <summary>
    /// The wait that a hold makes of a call that is about to be made; null where there is none. Told the groups that are known by now and
    /// that the request does not name.
    /// </summary>
    public Func<IReadOnlyList<string>, CancellationToken, ValueTask<RemovalResult.Wait?>> HeldAsync { get; init; } = (_, _) => new((RemovalResult.Wait?)null);

    /// <summary>Takes the request's change out of what its group's clean-ups may change in this hour: a wait, or null where it may be made.</summary>
    public Func<string, CancellationToken, ValueTask<RemovalResult.Wait?>> PermitAsync { get; init; } = (_, _) => new((RemovalResult.Wait?)null);

    /// <summary>A call behind <see cref="PermitAsync"/> has ended, or was not made: whether it may have changed the resource.</summary>
    public Action<bool> SettlePermit { get; init; } = _ => { };

    /// <summary>Lets a later restore know that the resource is to stay out of the group. Awaited before the outcome is told.</summary>
    public Func<Task> NoteRemovedAsync { get; init; } = () => Task.CompletedTask;

    /// <summary>For who only looks.</summary>
    public static RemovalProgress Looking { get; } = new()
    {
        Deadline = DateTimeOffset.MaxValue,
        BeginAttemptAsync = _ => Task.FromResult(false),
        TakeBackAttempt = () => { },
        CountUnfamiliarReply = () => 1,
    };

    /// <summary>The ledger counts how often the request was taken up; a message's own count could be anyone's.</summary>
    public static RemovalProgress Of(Lease lease, RemovalLedger ledger) => new()
    {
        MayHaveLeft = lease.Record.MayHaveLeft,
        Postponements = lease.Record.Epoch - 1,
        Deadline = lease.Record.Deadline,
        LastCode = lease.Record.LastCode,
        QuotaUsedByOthers = lease.Record.MetOthers,
        Waited = lease.Record.Waiting,
        BeginAttemptAsync = cancellationToken => ledger.BeginAttemptAsync(lease, cancellationToken),
        TakeBackAttempt = lease.TakeBackAttempt,
        CountUnfamiliarReply = lease.CountUnfamiliarReply,
        HolderAsync = cancellationToken => ledger.HolderAsync(lease, lease.Record.Request!.Resource.Value, cancellationToken),
        NoteRemovedAsync = () => ledger.Rows.NoteRemovedAsync(
            lease.Record.Key, lease.Record.Request!.Resource.Value, lease.Record.Request.SecurityGroup.Value, CancellationToken.None),
    };
}
