using System.Diagnostics;
using Ungroup.Ecs.Wire;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ecs.Changes;

/// <summary>One delivery's tries to take a resource out of a group, and what they left uncertain.</summary>
internal sealed class RemovalRun(RemovalRequest request, RemovalProgress progress, EcsSession ecs, Waits waits)
{
    private readonly EcsCall _leave = EcsCall.Leave(request);
    private bool _mayHaveLeft = progress.MayHaveLeft;
    private bool _owesReadBack = progress.MayHaveLeft;
    private bool _owesRelatives = progress.RefuseRelatives is not null;
    private IReadOnlyList<string>? _groupsBefore;

    public bool MayHaveLeft => _mayHaveLeft;

    public async ValueTask<Tried> TryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (waits.Now >= progress.Deadline)
        {
            return await EndAsync(cancellationToken);
        }

        if (_owesReadBack && await ReadBackTwiceAsync(cancellationToken) is { } known)
        {
            return known;
        }

        if (progress.Refused is { } refused)
        {
            return new Tried.Done(new RemovalVerdict.Ended(refused with { GroupsBefore = _groupsBefore, GroupsAfter = _groupsBefore }));
        }

        if (_owesRelatives && await CheckRelativesAsync(cancellationToken) is { } stopped)
        {
            return stopped;
        }

        var tried = await LeaveAsync(cancellationToken);
        return _owesReadBack ? await ReadBackTwiceAsync(cancellationToken) ?? tried : tried;
    }

    /// <summary>Null when no guardrail minds. What cannot be read is not "not protected": it waits.</summary>
    private async Task<Tried?> CheckRelativesAsync(CancellationToken cancellationToken)
    {
        switch (await Membership.ReadWithRelativesAsync(ecs, request, cancellationToken))
        {
            case MembershipRead.Found { Membership: var found } when progress.RefuseRelatives!(found.Relatives) is { } refused:
                return new Tried.Done(new RemovalVerdict.Ended(refused with { GroupsBefore = found.Groups, GroupsAfter = found.Groups }));

            case MembershipRead.Failed { Reply: var reply }:
                return Again(EcsCall.ReadMembership(request), reply);

            case MembershipRead.Stopped { Tried: var tried }:
                return tried;

            default:
                _owesRelatives = false;
                return null;
        }
    }

    private async Task<Tried> LeaveAsync(CancellationToken cancellationToken)
    {
        var sent = await ecs.SendAsync(_leave, BeginAsync, cancellationToken);
        if (sent is not Sent.Replied { Reply: var reply })
        {
            return ((Sent.Stopped)sent).Tried;
        }

        if (!reply.WasSent)
        {
            progress.TakeBackAttempt();
        }

        // A definite no leaves nothing uncertain, and nothing it did not leave uncertain before.
        _mayHaveLeft |= _owesReadBack = reply.Fault == Fault.Unknown;
        return reply.Fault switch
        {
            null => Ended(OutcomeStatus.Removed, Sentences.Removed(request)),
            Fault.AlreadyDone when _mayHaveLeft => Ended(OutcomeStatus.Removed, Sentences.RemovedByRefusal(request, reply), confirmed: true),
            Fault.AlreadyDone => Ended(OutcomeStatus.AlreadyAbsent, Sentences.AlreadyAbsent(request, reply)),
            Fault.Permanent => await RefusedAsync(reply, cancellationToken),
            Fault.Unfamiliar => await UnfamiliarAsync(reply, cancellationToken),
            Fault.Later => new Tried.Done(Wait(waits.Settled(progress.Postponements), reply)),
            Fault.Transient or Fault.Unknown => Again(_leave, reply),
            _ => throw new UnreachableException($"The session settles {reply.Fault}."),
        };
    }

    /// <summary>What must hold at the last moment before the call: the lease is ours, and the deadline is not here.</summary>
    private async Task<Tried?> BeginAsync(CancellationToken cancellationToken)
    {
        // Asked before, so that no attempt is counted that is not made, and after, because writing takes its time.
        if (TooLate() is { } late)
        {
            return late;
        }

        return await progress.BeginAttemptAsync(cancellationToken) ? TooLate() : new Tried.Done(new RemovalVerdict.LeaseLost());
    }

    private Tried.Again? TooLate() => waits.Now >= progress.Deadline
        ? new Tried.Again(new(progress.Deadline, "The deadline is here.", ecs.LastCode, _mayHaveLeft), TimeSpan.Zero)
        : null;

    /// <summary>A no that nobody here understands may be over soon, and may be for good: it is tried again a few times.</summary>
    private async Task<Tried> UnfamiliarAsync(EcsReply reply, CancellationToken cancellationToken) =>
        waits.Unfamiliar(progress.CountUnfamiliarReply()) is { } until
            ? new Tried.Done(Wait(until, reply))
            : await RefusedAsync(reply, cancellationToken);

    /// <summary>A permanent no says that this call did nothing; an earlier one of ours may have done it all the same.</summary>
    private async Task<Tried> RefusedAsync(EcsReply reply, CancellationToken cancellationToken) =>
        !_mayHaveLeft ? Ended(OutcomeStatus.Failed, Sentences.Refused(reply), reply.Code)
        : await ReadBackAsync(cancellationToken) is Tried.Done { Verdict: RemovalVerdict.Ended } removed
            ? removed
            : Ended(OutcomeStatus.Failed, Sentences.Refused(reply) + Sentences.MayHaveWorked, reply.Code);

    /// <summary>A single look may be stale, so the answer "still a member" is asked for twice.</summary>
    private async Task<Tried?> ReadBackTwiceAsync(CancellationToken cancellationToken)
    {
        var known = await ReadBackAsync(cancellationToken);
        if (known is not null)
        {
            return known;
        }

        await waits.PauseAsync(waits.BetweenReads(), cancellationToken);
        _owesReadBack = true;
        return await ReadBackAsync(cancellationToken);
    }

    /// <summary>Null when it is still a member, and another call is the only way to find out more.</summary>
    private async Task<Tried?> ReadBackAsync(CancellationToken cancellationToken)
    {
        switch (await Membership.ReadAsync(ecs, request, cancellationToken))
        {
            case MembershipRead.Found { Membership: var found } when !found.Includes(request.SecurityGroup):
                return Ended(OutcomeStatus.Removed, Sentences.RemovedByReadBack(request), confirmed: true, after: found.Groups);

            case MembershipRead.Found { Membership.Groups: var groups }:
                _groupsBefore = Membership.Evidence(groups);
                _owesReadBack = false;
                return null;

            case MembershipRead.NotFound:
                // The call itself says best what is missing.
                _owesReadBack = false;
                return null;

            case MembershipRead.Failed { Reply: var reply }:
                return Again(EcsCall.ReadMembership(request), reply);

            case MembershipRead.Stopped { Tried: var tried }:
                return tried;

            default:
                throw new UnreachableException();
        }
    }

    /// <summary>The deadline is here: one last look where a call of ours may have worked, and then it is over.</summary>
    private async Task<Tried> EndAsync(CancellationToken cancellationToken)
    {
        var code = ecs.LastCode;
        if (!_mayHaveLeft && request.ExpiresAt <= waits.Now && (code is null || NoReply.Is(code)))
        {
            return Ended(OutcomeStatus.Expired, Sentences.Expired(request, code));
        }

        var looked = _mayHaveLeft ? await ReadBackAsync(cancellationToken) : null;
        return looked is Tried.Done { Verdict: RemovalVerdict.Ended { Outcome.Status: OutcomeStatus.Removed } }
            ? looked
            : Ended(
                OutcomeStatus.Failed,
                Sentences.DeadlinePassed(progress, code) + (looked is null ? "" : Sentences.MayHaveWorked),
                code ?? "DeadlineExceeded");
    }

    /// <summary>Soon, unless ECS asks for more patience than a delivery has.</summary>
    private Tried Again(EcsCall call, EcsReply reply)
    {
        var wait = new RemovalVerdict.Wait(waits.Postponed(progress.Postponements, reply.RetryAfter), Sentences.Of(call, reply), ecs.LastCode, _mayHaveLeft);
        return reply.RetryAfter > waits.LongestInPlace ? new Tried.Done(wait) : new Tried.Again(wait, reply.RetryAfter);
    }

    private RemovalVerdict.Wait Wait(DateTimeOffset until, EcsReply reply) => new(until, Sentences.Of(_leave, reply), reply.Code, _mayHaveLeft);

    private Tried.Done Ended(
        OutcomeStatus status, string sentence, string? code = null, bool confirmed = false, IReadOnlyList<string>? after = null) =>
        new(new RemovalVerdict.Ended(new()
        {
            Status = status,
            Code = code,
            Sentence = sentence,
            ConfirmedByReadBack = confirmed,
            GroupsBefore = _groupsBefore,
            GroupsAfter = Membership.Evidence(after),
        }));
}
