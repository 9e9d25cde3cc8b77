using System.Diagnostics;
using Ungroup.Ecs.Wire;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ecs.Changes;

/// <summary>
/// One delivery's tries to take a resource out of a group. One file, because the call, its read-back and the look before it share what they know
/// of whether the resource may have left.
/// </summary>
internal sealed class RemovalRun(RemovalRequest request, RemovalProgress progress, EcsSession ecs, Waits waits, RemovalEvidence? evidence = null)
{
    private readonly EcsCall _leave = EcsCall.Leave(request);
    private bool _mayHaveLeft = progress.MayHaveLeft;
    private bool _owesReadBack = progress.MayHaveLeft;
    private bool _hasCalled;
    private bool _owesLook = progress.NeedsLook;
    private Membership? _seen;
    private IReadOnlyList<string>? _groupsBefore;

    public bool MayHaveLeft => _mayHaveLeft;

    public async ValueTask<RemovalResult> TryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (waits.Now >= progress.Deadline)
        {
            return await EndAsync(cancellationToken);
        }

        if (_owesReadBack && await ReadBackInTimeAsync(cancellationToken) is { } known)
        {
            return known;
        }

        if (progress.Refused is { } refused)
        {
            return new RemovalResult.Decided(refused with { GroupsBefore = _groupsBefore, GroupsAfter = _groupsBefore });
        }

        if (_owesLook && await CheckProtectionAsync(cancellationToken) is { } stopped)
        {
            return stopped;
        }

        var left = await LeaveAsync(cancellationToken);
        return _owesReadBack ? await ReadBackInTimeAsync(cancellationToken) ?? left : left;
    }

    /// <summary>Null when no guardrail minds. Relatives and tags that cannot be read may be protected, so the request waits.</summary>
    private async Task<RemovalResult?> CheckProtectionAsync(CancellationToken cancellationToken)
    {
        switch (_seen is { Relatives.Count: > 0 } seen ? new MembershipRead.Found(seen) : await Membership.ReadAsync(ecs, request, progress, cancellationToken))
        {
            case MembershipRead.Found { Membership: var found } when progress.RefuseRelatives?.Invoke(found.Relatives) is { } refused:
                return new RemovalResult.Decided(refused with { GroupsBefore = found.Groups, GroupsAfter = found.Groups });

            case MembershipRead.Found { Membership: var found }:
                var protectedBy = await new TagCheck(ecs, EcsPlace.Of(request), waits, progress)
                    .CheckAsync(request.Resource.Value, found.Tags, found.InstanceId, found.Groups, request.SecurityGroup.Value, cancellationToken);
                _owesLook = protectedBy is not null;
                return protectedBy;

            case MembershipRead.Failed { Reply: var reply }:
                return Again(EcsCall.ReadMembership(request), reply);

            case MembershipRead.Stopped { Result: var result }:
                return result;

            case MembershipRead.NotFound:
                var code = Membership.NotFoundCode(request.Resource);
                return Ended(OutcomeStatus.Failed, Sentences.NotListed(request, code) + (_mayHaveLeft ? Sentences.MayHaveWorked : ""), code);

            default:
                throw new UnreachableException();
        }
    }

    private async Task<RemovalResult> LeaveAsync(CancellationToken cancellationToken)
    {
        var (reply, stopped) = await ecs.SendAsync(_leave, BeginAsync, cancellationToken);
        progress.SettlePermit(reply is { WasSent: true, Fault: null or Fault.Unknown });
        if (reply is null)
        {
            return stopped!;
        }

        _hasCalled = true;
        if (!reply.WasSent)
        {
            progress.TakeBackAttempt();
        }

        // A definite no leaves nothing uncertain that was certain before.
        _mayHaveLeft |= _owesReadBack = reply.Fault == Fault.Unknown;
        return reply.Fault switch
        {
            null => Ended(OutcomeStatus.Removed, Sentences.Removed(request)),
            Fault.AlreadyDone when _mayHaveLeft => Ended(OutcomeStatus.Removed, Sentences.RemovedByRefusal(request, reply, progress.MayHaveLeft), confirmed: true),
            Fault.AlreadyDone => Ended(OutcomeStatus.AlreadyAbsent, Sentences.AlreadyAbsent(request, reply)),
            Fault.Permanent => await RefusedAsync(reply, cancellationToken),
            Fault.Unfamiliar => await UnfamiliarAsync(reply, cancellationToken),
            Fault.Later => Wait(waits.UntilItsStateChanges(progress.Postponements), reply) with { For = WaitFor.State },
            Fault.Transient or Fault.Unknown => Again(_leave, reply),
            _ => throw new UnreachableException($"The session deals with {reply.Fault}."),
        };
    }

    private async Task<RemovalResult?> BeginAsync(CancellationToken cancellationToken)
    {
        // Asked before, so that no attempt is counted that is not made, and after, because writing takes time.
        if (TooLate() is { } late)
        {
            return late;
        }

        if (await progress.PermitAsync(request.SecurityGroup.Value, cancellationToken) is { } usedUp)
        {
            return usedUp;
        }

        if (!await progress.BeginAttemptAsync(cancellationToken))
        {
            return new RemovalResult.LeaseLost();
        }

        // Behind the write, so that a contain that begins later finds what this call has done. It takes time, too.
        if (await BehindAnotherAsync(cancellationToken) is { } behind)
        {
            return behind;
        }

        if (await UnderHoldAsync(cancellationToken) is { } held)
        {
            return held;
        }

        if (TooLate() is { } tooLate)
        {
            return tooLate;
        }

        cancellationToken.ThrowIfCancellationRequested();
        evidence?.Begin();
        return null;
    }

    /// <summary>A contain or restore of the same resource is under way.</summary>
    private async Task<RemovalResult?> BehindAnotherAsync(CancellationToken cancellationToken)
    {
        if (await progress.HolderAsync(cancellationToken) is not { } holder)
        {
            return null;
        }

        progress.TakeBackAttempt();
        return new RemovalResult.Wait(waits.BehindAnother(progress.Postponements), $"{holder} changes the groups of {request.Resource} now.", Code: null) { For = WaitFor.AnotherChange };
    }

    /// <summary>Last of all, because what is known of the holds is old after two seconds.</summary>
    private async Task<RemovalResult?> UnderHoldAsync(CancellationToken cancellationToken)
    {
        if (await progress.HeldAsync([], cancellationToken) is not { } held)
        {
            return null;
        }

        progress.TakeBackAttempt();
        return held;
    }

    private RemovalResult.Wait? TooLate() => waits.Now >= progress.Deadline
        ? new RemovalResult.Wait(progress.Deadline, "The deadline is here.", ecs.LastCode).AfterAnotherTry(TimeSpan.Zero)
        : null;

    /// <summary>An unfamiliar code may mean a state that is over soon, or a no for good: a few more tries find out.</summary>
    private async Task<RemovalResult> UnfamiliarAsync(EcsReply reply, CancellationToken cancellationToken) =>
        waits.Unfamiliar(progress.CountUnfamiliarReply()) is { } until
            ? Wait(until, reply)
            : await RefusedAsync(reply, cancellationToken);

    /// <summary>A permanent no says that this call did nothing; an earlier one of ours may have worked all the same.</summary>
    private async Task<RemovalResult> RefusedAsync(EcsReply reply, CancellationToken cancellationToken) =>
        !_mayHaveLeft ? Ended(OutcomeStatus.Failed, Sentences.Refused(reply), reply.Code)
        : await ReadBackAsync(cancellationToken) is RemovalResult.Decided removed
            ? removed
            : Ended(OutcomeStatus.Failed, Sentences.Refused(reply) + Sentences.MayHaveWorked, reply.Code);

    /// <summary>
    /// A look right after our own call may be stale, so it counts only where it shows that the resource has left; one a second later always
    /// counts. A call of an earlier delivery needs the later look alone, which spares a quota of a read or two a minute.
    /// </summary>
    private async Task<RemovalResult?> ReadBackInTimeAsync(CancellationToken cancellationToken)
    {
        if (_hasCalled && await ReadBackAsync(cancellationToken) is { } known)
        {
            return known;
        }

        await waits.PauseAsync(waits.BetweenReads(), cancellationToken);
        _owesReadBack = true;
        return await ReadBackAsync(cancellationToken);
    }

    private async Task<RemovalResult?> ReadBackAsync(CancellationToken cancellationToken)
    {
        switch (await Membership.ReadAsync(ecs, request, cancellationToken))
        {
            case MembershipRead.Found { Membership: var found } when !found.Includes(request.SecurityGroup):
                return Ended(OutcomeStatus.Removed, Sentences.RemovedByReadBack(request, progress.MayHaveLeft), confirmed: true, after: found.Groups);

            case MembershipRead.Found { Membership: var found }:
                (_seen, _groupsBefore, _owesReadBack) = (found, Membership.Evidence(found.Groups), false);
                return null;

            case MembershipRead.NotFound:
                // The call itself says best what is missing.
                _owesReadBack = false;
                return null;

            case MembershipRead.Failed { Reply: var reply }:
                return Again(EcsCall.ReadMembership(request), reply);

            case MembershipRead.Stopped { Result: var result }:
                return result;

            default:
                throw new UnreachableException();
        }
    }

    private async Task<RemovalResult> EndAsync(CancellationToken cancellationToken)
    {
        var code = ecs.LastCode;
        if (!_mayHaveLeft && request.ExpiresAt <= waits.Now && (code is null || NoReply.Is(code)))
        {
            return Ended(OutcomeStatus.Expired, Sentences.Expired(request, code, progress.Waited));
        }

        var looked = _mayHaveLeft ? await ReadBackAsync(cancellationToken) : null;
        return looked is RemovalResult.Decided { Outcome.Status: OutcomeStatus.Removed }
            ? looked
            : Ended(
                OutcomeStatus.Failed,
                Sentences.DeadlinePassed(progress, code) + (looked is null ? "" : Sentences.MayHaveWorked),
                code ?? "DeadlineExceeded");
    }

    private RemovalResult.Wait Again(EcsCall call, EcsReply reply)
    {
        var wait = new RemovalResult.Wait(waits.Postponed(progress.Postponements, reply.RetryAfter), Sentences.Of(call, reply), ecs.LastCode);
        return reply.RetryAfter > waits.LongestInPlace ? wait : wait.AfterAnotherTry(reply.RetryAfter);
    }

    private RemovalResult.Wait Wait(DateTimeOffset until, EcsReply reply) => new(until, Sentences.Of(_leave, reply), reply.Code);

    private RemovalResult.Decided Ended(
        OutcomeStatus status, string sentence, string? code = null, bool confirmed = false, IReadOnlyList<string>? after = null) =>
        new(new()
        {
            Status = status,
            Code = code,
            Sentence = sentence,
            ConfirmedByReadBack = confirmed,
            GroupsBefore = _groupsBefore,
            GroupsAfter = Membership.Evidence(after),
        });
}
