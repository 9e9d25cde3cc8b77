using Ungroup.Pace;
using Ungroup.Requests;

namespace Ungroup.Ecs;

/// <summary>
/// The calls of one delivery: through the gates, counted, with their evidence. What concerns the account or its quota, and
/// not the removal, is settled here for reads and writes alike.
/// </summary>
internal sealed class EcsSession(EcsClient client, Gates gates, Waits waits, RemovalProgress progress, Origin origin)
{
    private const int MostRequestIds = 16;

    private readonly Queue<string> _requestIds = new();
    private TimeSpan _leftInPlace = waits.LongestInPlace;
    private bool _refreshed;

    public CallCount Calls { get; private set; }

    public IReadOnlyList<string> RequestIds => [.. _requestIds];

    public string? LastCode { get; private set; } = progress.LastCode;

    /// <summary>A call of this delivery, or of an earlier one, was refused because somebody else had used the quota.</summary>
    public bool MetOthers { get; private set; } = progress.MetOthers;

    /// <param name="call">What to send.</param>
    /// <param name="beginAsync">Runs between the gates and the call; what it returns is why the call is not made.</param>
    /// <param name="cancellationToken">Stops waiting; a call that is on its way is seen through.</param>
    public async Task<Sent> SendAsync(EcsCall call, Func<CancellationToken, Task<Tried?>>? beginAsync, CancellationToken cancellationToken)
    {
        var (passage, closed) = await EnterAsync(call, cancellationToken);
        if (passage is null)
        {
            return new Sent.Stopped(closed!);
        }

        using (passage)
        {
            // Fetching credentials takes its time, so it comes before what must hold at the last moment before the call.
            if (await client.WithoutCredentialsAsync(call.Account, cancellationToken) is { } unsigned)
            {
                Note(call, unsigned);
                return new Sent.Stopped(WithoutCredentials(call, unsigned, passage));
            }

            if (beginAsync is not null && await beginAsync(cancellationToken) is { } stopped)
            {
                return new Sent.Stopped(stopped);
            }

            cancellationToken.ThrowIfCancellationRequested();
            passage.Sending();
            var reply = await client.SendAsync(call, CancellationToken.None);
            Note(call, reply);
            return await SettleAsync(call, reply, passage) is { } settled ? new Sent.Stopped(settled) : new Sent.Replied(reply);
        }
    }

    /// <summary>Waits at a closed gate only as long as a delivery may, all its waits together.</summary>
    private async Task<(Passage? Passage, Tried? Closed)> EnterAsync(EcsCall call, CancellationToken cancellationToken)
    {
        var paced = new PacedCall(call.Account, call.RegionId, call.Action, origin);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (gates.TryEnter(paced, out var wait) is { } passage)
            {
                return (passage, null);
            }

            var pause = Waits.NotNegative(wait!.Until - waits.Now);
            if (!TryWaitInPlace(pause))
            {
                return (null, new Tried.Done(WaitFor(WhenOpen(wait), Sentences.Of(wait))));
            }

            await waits.PauseAsync(pause, cancellationToken);
        }
    }

    private bool TryWaitInPlace(TimeSpan pause)
    {
        var fits = pause <= _leftInPlace;
        _leftInPlace -= fits ? pause : TimeSpan.Zero;
        return fits;
    }

    private void Note(EcsCall call, EcsReply reply)
    {
        // What a read was refused with is worth keeping only while there is nothing better.
        LastCode = call.IsRead ? LastCode ?? reply.Code : reply.Code ?? LastCode;
        Calls += reply.WasSent ? new(call.IsRead ? 0 : 1, 1) : default;
        if (reply.RequestId is { } requestId)
        {
            _requestIds.Enqueue(requestId);
            if (_requestIds.Count > MostRequestIds)
            {
                _requestIds.Dequeue();
            }
        }
    }

    /// <summary>Null where the reply is about the removal, and so the caller's to read.</summary>
    private async Task<Tried?> SettleAsync(EcsCall call, EcsReply reply, Passage passage)
    {
        switch (reply.Fault)
        {
            case not null when reply.Withheld is not null:
                return WithoutCredentials(call, reply, passage);

            case Fault.Throttled:
                return Throttled(call, reply, passage);

            case Fault.Authentication when !_refreshed:
                _refreshed = true;
                await client.RefreshAsync(call.Account, reply, CancellationToken.None);
                return new Tried.Again(WaitFor(waits.Postponed(progress.Postponements), Sentences.Of(call, reply)), TimeSpan.Zero);

            case Fault.Authentication or Fault.Configuration:
                return Denied(call, reply, passage);

            case Fault.Denied:
                passage.NotPermitted(waits.CircuitProbe, Sentences.Of(call, reply));
                return new Tried.Done(WaitFor(waits.Postponed(progress.Postponements), Sentences.Of(call, reply)));

            case null or Fault.AlreadyDone or Fault.Permanent or Fault.Later or Fault.Unfamiliar:
                passage.Succeeded();
                return null;

            default:
                if (reply.IsOutage)
                {
                    passage.Unanswered(waits.OutageProbe, Sentences.Of(call, reply), waits.OutageAfter);
                }

                return null;
        }
    }

    /// <summary>Who issues credentials, and not ECS, has said no, or nothing: that closes no gate but the account's.</summary>
    private Tried WithoutCredentials(EcsCall call, EcsReply reply, Passage passage)
    {
        var why = Sentences.WithoutCredentials(call, reply.Withheld!);
        if (reply.Fault == Fault.Configuration)
        {
            var closed = passage.NotSigned(waits.CircuitProbe, why);
            return new Tried.Done(WaitFor(WhenOpen(closed), Sentences.Of(closed)));
        }

        var wait = WaitFor(waits.Postponed(progress.Postponements, reply.RetryAfter), why);
        return TryWaitInPlace(reply.RetryAfter ?? TimeSpan.Zero) ? new Tried.Again(wait, reply.RetryAfter) : new Tried.Done(wait);
    }

    private Tried Throttled(EcsCall call, EcsReply reply, Passage passage)
    {
        var (closed, byOthers) = passage.Throttled(reply.RetryAfter, waits.ALittle(), Sentences.Of(call, reply));
        MetOthers |= byOthers;
        var pause = Waits.NotNegative(closed.Until - waits.Now);
        var wait = WaitFor(TryWaitInPlace(pause) ? closed.Until : WhenOpen(closed), Sentences.Of(closed));
        return wait.Until == closed.Until ? new Tried.Again(wait, pause) : new Tried.Done(wait);
    }

    private Tried.Done Denied(EcsCall call, EcsReply reply, Passage passage)
    {
        var closed = passage.Denied(waits.CircuitProbe, Sentences.Of(call, reply));
        return new(WaitFor(WhenOpen(closed), Sentences.Of(closed)));
    }

    /// <summary>
    /// Each in its turn once a quota opens. When a circuit opens nobody knows, so that whoever waits for one waits ever
    /// longer: a long queue must not go round and round for nothing.
    /// </summary>
    private DateTimeOffset WhenOpen(GateState closed)
    {
        if (closed.Key.IsQuota)
        {
            return gates.Promise(closed, origin);
        }

        var (opens, postponed) = (waits.After(closed.Until), waits.Postponed(progress.Postponements));
        return opens > postponed ? opens : postponed;
    }

    private RemovalVerdict.Wait WaitFor(DateTimeOffset until, string why) => new(until, why, LastCode, MayHaveLeft: false);
}
