using Ungroup.Circuits;
using Ungroup.Ecs.Wire;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Time;

namespace Ungroup.Ecs.Changes;

/// <summary>
/// Makes and counts the calls of one delivery, where circuits and quotas permit. Replies about the account or its quota end here;
/// replies about the removal go to the caller. One file, because each call of a delivery is counted here, and whatever may stop it.
/// </summary>
internal sealed class EcsSession(EcsClient client, CallPermits permits, Waits waits, RemovalProgress progress, Origin origin)
{
    /// <summary>As long as an outcome may be held up for what it only tells.</summary>
    public static readonly TimeSpan Briefly = TimeSpan.FromSeconds(3);

    /// <summary>Why nothing was read: the message is somebody else's.</summary>
    public const string LetGo = "the worker had to let the message go.";

    private const int MostRequestIds = 16;

    // To bring a message back sooner costs more than it gains.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5);

    private readonly Queue<string> _requestIds = new();
    private TimeSpan _leftInPlace = waits.LongestInPlace;
    private bool _refreshed;
    private CallCount _calls;
    private int _asides;

    public CallCount Calls => _calls + new CallCount(0, _asides);

    public IReadOnlyList<string> RequestIds => [.. _requestIds];

    public string? LastCode { get; private set; } = progress.LastCode;

    public bool QuotaUsedByOthers { get; private set; } = progress.QuotaUsedByOthers;

    /// <returns>A reply about the removal, or why there is none.</returns>
    public async Task<(EcsReply? Reply, RemovalResult? Stopped)> SendAsync(
        EcsCall call, Func<CancellationToken, Task<RemovalResult?>>? beginAsync, CancellationToken cancellationToken)
    {
        var (permit, closed) = await EnterAsync(call, cancellationToken);
        if (permit is null)
        {
            return (null, closed);
        }

        using (permit)
        {
            // Fetching credentials takes time, so it comes before what must hold at the last moment.
            if (await client.WithoutCredentialsAsync(call.Account, cancellationToken) is { } unsigned)
            {
                Note(call, unsigned);
                return (null, WithoutCredentials(call, unsigned, permit));
            }

            if (await BeginAsync(beginAsync, cancellationToken) is { } stopped)
            {
                return (null, stopped);
            }

            permit.Quota.Sending();
            var reply = await client.SendAsync(call, CancellationToken.None);
            Note(call, reply);
            return await ReportAsync(call, reply, permit) is { } result ? (null, result) : (reply, null);
        }
    }

    /// <summary>A call that is not sent has changed nothing, whatever stopped it: an hour's allowance is given back.</summary>
    private async Task<RemovalResult?> BeginAsync(Func<CancellationToken, Task<RemovalResult?>>? beginAsync, CancellationToken cancellationToken)
    {
        var goesOn = false;
        try
        {
            var stopped = beginAsync is null ? null : await beginAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            goesOn = stopped is null;
            return stopped;
        }
        finally
        {
            if (!goesOn)
            {
                progress.SettlePermit(false);
            }
        }
    }

    /// <summary>
    /// A read beside the work: no circuit learns from it, and where it is not permitted, or gets no answer in time, there is none.
    /// </summary>
    /// <param name="call">The read.</param>
    /// <param name="longest">How long to wait, for its turn and for the reply together; without an end for the reply alone.</param>
    /// <param name="cancellationToken">The work may not go on: nothing is read any more.</param>
    /// <returns>The reply, or a sentence that says why there is none.</returns>
    public async Task<(EcsReply? Reply, string? Why)> LookAsideAsync(EcsCall call, TimeSpan longest, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return (null, LetGo);
        }

        using var time = new CancellationTokenSource(longest, waits.Clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            var (permit, closed) = await TurnAsync(call, waits.Now + longest, patience.Token);
            return permit is null ? (null, closed) : await LookAsync(call, permit, patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return (null, cancellationToken.IsCancellationRequested ? LetGo : $"there was no answer within {longest.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>A quota that is shared out soon has a turn for it; one that is used up, or a circuit, is not waited for.</summary>
    private async Task<(CallPermit? Permit, string? Why)> TurnAsync(EcsCall call, DateTimeOffset latest, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (permits.TryTake(CircuitOf(call), PacedOf(call), out var wait) is { } permit)
            {
                return (permit, null);
            }

            if (wait!.Quota is not { IsTurn: true } || wait.Until > latest)
            {
                return (null, wait.Circuit is { } closed ? Sentences.Of(closed) : Sentences.Of(wait.Quota!));
            }

            await waits.PauseAsync(Waits.NotNegative(wait.Until - waits.Now), cancellationToken);
        }
    }

    private async Task<(EcsReply? Reply, string? Why)> LookAsync(EcsCall call, CallPermit permit, CancellationToken cancellationToken)
    {
        using (permit)
        {
            permit.Quota.Sending();
            Interlocked.Increment(ref _asides);
            var reply = await client.SendAsync(call, cancellationToken);
            if (reply.Fault == Fault.Throttled)
            {
                permit.Quota.Throttled(reply.RetryAfter, Sentences.Of(call, reply));
            }
            else if (reply.Fault is null)
            {
                permit.Quota.Passed();
            }

            return reply.Fault is null ? (reply, null) : (null, Sentences.Of(call, reply));
        }
    }

    /// <summary>All waits of a delivery together last no longer than one may.</summary>
    private async Task<(CallPermit? Permit, RemovalResult? Closed)> EnterAsync(EcsCall call, CancellationToken cancellationToken)
    {
        var (circuit, paced) = (CircuitOf(call), PacedOf(call));
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (permits.TryTake(circuit, paced, out var wait) is { } permit)
            {
                return (permit, null);
            }

            var pause = Waits.NotNegative(wait!.Until - waits.Now);
            if (!TryWaitInPlace(pause))
            {
                return (null, wait.Circuit is { } closed
                    ? WaitFor(WhenItMayTry(closed), closed) with { IsDenied = closed.Evidence == Evidence.Denied }
                    : WaitFor(wait.Quota!));
            }

            await waits.PauseAsync(pause, cancellationToken);
        }
    }

    private CircuitCall CircuitOf(EcsCall call) => new(call.Account, call.RegionId, call.Action, call.Group, call.Resource, origin == Origin.Incident);

    private PacedCall PacedOf(EcsCall call) => new(call.Account, call.RegionId, call.Action, origin);

    private bool TryWaitInPlace(TimeSpan pause)
    {
        var fits = pause <= _leftInPlace;
        _leftInPlace -= fits ? pause : TimeSpan.Zero;
        return fits;
    }

    private void Note(EcsCall call, EcsReply reply)
    {
        // The code of a refused read is kept only while there is nothing better.
        LastCode = call.IsRead ? LastCode ?? reply.Code : reply.Code ?? LastCode;
        _calls += reply.WasSent ? new(call.IsRead ? 0 : 1, 1) : default;
        if (reply.RequestId is { } requestId)
        {
            _requestIds.Enqueue(requestId);
            if (_requestIds.Count > MostRequestIds)
            {
                _requestIds.Dequeue();
            }
        }
    }

    /// <summary>Tells circuits and quota what came back. Null where the reply is about the removal.</summary>
    private async Task<RemovalResult?> ReportAsync(EcsCall call, EcsReply reply, CallPermit permit)
    {
        switch (reply.Fault)
        {
            case not null when reply.Withheld is not null:
                return WithoutCredentials(call, reply, permit);

            case Fault.Throttled:
                return Throttled(call, reply, permit);

            case Fault.Authentication when !_refreshed:
                _refreshed = true;
                await client.RefreshAsync(call.Account, reply, CancellationToken.None);
                return WaitFor(waits.Postponed(progress.Postponements), Sentences.Of(call, reply)).AfterAnotherTry(TimeSpan.Zero);

            case Fault.Authentication or Fault.Configuration:
                return Refused(permit, new(Evidence.AccountRefused, Sentences.Of(call, reply), waits.CircuitPause));

            case Fault.Denied:
                return Refused(permit, new(Evidence.Denied, Sentences.Of(call, reply), waits.CircuitPause)) with { IsDenied = true };

            case Fault.Unfamiliar:
                permit.Quota.Passed();
                permit.Circuits.Refused(new(Evidence.Unfamiliar, Sentences.Of(call, reply), waits.CircuitPause, reply.Code));
                return null;

            case null or Fault.AlreadyDone or Fault.Permanent or Fault.Later:
                permit.Succeeded();
                return null;

            default:
                if (reply.IsOutage)
                {
                    permit.Circuits.Refused(new(Evidence.NoAnswer, Sentences.Of(call, reply), waits.OutagePause), waits.OutageAfter);
                }

                return null;
        }
    }

    private RemovalResult.Wait WithoutCredentials(EcsCall call, EcsReply reply, CallPermit permit)
    {
        var why = Sentences.WithoutCredentials(call, reply.Withheld!);
        if (reply.Fault == Fault.Configuration)
        {
            var closed = permit.Circuits.NotSigned(why, waits.CircuitPause);
            return WaitFor(WhenItMayTry(closed), closed);
        }

        var wait = WaitFor(waits.Postponed(progress.Postponements, reply.RetryAfter), why);
        return TryWaitInPlace(reply.RetryAfter ?? TimeSpan.Zero) ? wait.AfterAnotherTry(reply.RetryAfter) : wait;
    }

    private RemovalResult.Wait Throttled(EcsCall call, EcsReply reply, CallPermit permit)
    {
        permit.Circuits.Throttled();
        var (closed, byOthers) = permit.Quota.Throttled(reply.RetryAfter, Sentences.Of(call, reply));
        QuotaUsedByOthers |= byOthers;
        var pause = Waits.NotNegative(closed.Until - waits.Now);
        return TryWaitInPlace(pause)
            ? (WaitFor(closed.Until, Sentences.Of(closed)) with { For = Ledger.WaitFor.Turn }).AfterAnotherTry(pause)
            : WaitFor(closed);
    }

    private RemovalResult.Wait Refused(CallPermit permit, Refusal refusal) => permit.Circuits.Refused(refusal) is { } closed
        ? WaitFor(WhenItMayTry(closed), closed)
        : WaitFor(waits.Postponed(progress.Postponements), refusal.Reason);

    /// <summary>
    /// A request that was refused waits ever longer. Where only another request was refused, this one waits no longer than the circuit: it
    /// may be the one that shows that all is well.
    /// </summary>
    private DateTimeOffset WhenItMayTry(ClosedCircuit closed) => origin == Origin.Incident
        ? waits.After(closed.Until)
        : closed.WasRefused ? DateTimeOffset.Later(waits.After(closed.Until), waits.Postponed(progress.Postponements))
        : DateTimeOffset.Later(waits.After(closed.Until), waits.Now + ShortestWait) + closed.Behind;

    private RemovalResult.Wait WaitFor(DateTimeOffset until, ClosedCircuit closed) => WaitFor(until, Sentences.Of(closed)) with { For = Ledger.WaitFor.Circuit };

    private RemovalResult.Wait WaitFor(QuotaWait quota) => WaitFor(permits.Promise(quota, origin), Sentences.Of(quota)) with { For = Ledger.WaitFor.Turn };

    private RemovalResult.Wait WaitFor(DateTimeOffset until, string why) => new(until, why, LastCode);
}
