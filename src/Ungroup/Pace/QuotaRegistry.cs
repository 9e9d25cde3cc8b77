using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ungroup.Circuits;
using Ungroup.Messages;

namespace Ungroup.Pace;

/// <summary>
/// Every quota that is called: an account, region and API each, as ECS counts. One that is used up is closed until it comes back;
/// else its governor gives the calls their turns.
/// </summary>
internal sealed partial class QuotaRegistry(Governors governors, TimeProvider clock, ILogger<QuotaRegistry> logger) : ISharedClosings
{
    // What is open again before others have heard of it is no news.
    private static readonly TimeSpan SoonOver = TimeSpan.FromSeconds(3);

    // Longer than any call may take, and than anybody is put off.
    private static readonly TimeSpan Idle = TimeSpan.FromHours(6);
    private static readonly TimeSpan BetweenForgetting = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<QuotaKey, QuotaClosure> _closures = new();
    private long _forgot;
    private bool _hasNews;

    /// <summary>The quotas that are used up, by name. That is over by the clock.</summary>
    public IReadOnlyList<QuotaWait> Snapshot()
    {
        var now = clock.GetUtcNow();
        return [.. _closures.Values.Select(closure => closure.Closed).OfType<QuotaWait>().Where(closed => closed.Until > now).OrderBy(closed => closed.Name, StringComparer.Ordinal)];
    }

    public IEnumerable<SharedClosing> Closings => Snapshot().Select(closed =>
        new SharedClosing(closed.Key.Account, closed.Until, closed.Reason) { Api = closed.Key.Action, Region = closed.Key.RegionId });

    /// <summary>A permit for one call, or null and until when to wait.</summary>
    public QuotaPermit? TryTake(PacedCall call, out QuotaWait? wait)
    {
        ForgetIdle();
        var governor = governors[call.Quota];
        OpenEarlier(governor);
        var closure = ClosureOf(call.Quota);
        var permit = new QuotaPermit(this, closure);
        wait = closure.Enter(permit);
        if (wait is not null)
        {
            return null;
        }

        if (!governor.TryTake(call.Origin, clock.GetUtcNow(), out var turn))
        {
            permit.Dispose();
            wait = new(call.Quota, turn, $"It is not the turn of this call yet: the quota of {call.Action} in {call.RegionId} is used evenly.") { IsTurn = true };
            return null;
        }

        permit.Turn = new(governor, clock);
        return permit;
    }

    /// <summary>When a message that does not wait in hand at a quota should come back: they come one after the other.</summary>
    public DateTimeOffset Promise(QuotaWait quota, Origin origin) => governors[quota.Key].Promise(origin, quota.Until, clock.GetUtcNow());

    /// <summary>Another instance has found a quota used up. Its governor hears as well, so that no message is taken that can only be put off.</summary>
    public void Hear(SharedClosing said)
    {
        if (said is not { IsQuota: true, Region: { } region, Api: { } api })
        {
            return;
        }

        var key = new QuotaKey(said.Account, region, api);
        var governor = governors[key];
        if (!governor.Believes(said.Until, clock.GetUtcNow()))
        {
            return;
        }

        // What was heard before this does not open what this closes.
        OpenEarlier(governor);
        if (ClosureOf(key).CloseFromOutside(said.Until, said.Reason))
        {
            governor.OpensAt(said.Until);
            Log.Closed(logger, said.Name, said.Until, said.Reason);
        }
    }

    /// <summary>Whether something was used up here since the last time that the others should hear of soon.</summary>
    public bool TakeNews() => Interlocked.Exchange(ref _hasNews, false);

    internal void Passed(QuotaPermit permit, QuotaClosure closure)
    {
        if (closure.Open(permit))
        {
            Log.Opened(logger, closure.Key.ToString());
        }
    }

    /// <summary>Refusals that nobody was looking for are an event; the others are how a quota is learned.</summary>
    internal void Refused(QuotaWait closed, PaceRefusal refusal)
    {
        if (refusal.ByOthers)
        {
            Log.UsedByOthers(logger, closed.Name);
        }

        if (closed.Until - clock.GetUtcNow() > SoonOver)
        {
            Volatile.Write(ref _hasNews, true);
        }

        if (refusal.IsUnexpected)
        {
            Log.Closed(logger, closed.Name, closed.Until, closed.Reason);
        }
        else
        {
            Log.Touched(logger, closed.Name, closed.Until);
        }
    }

    /// <summary>
    /// Once an hour. Who comes to a quota in the very moment in which it is forgotten after hours passes as at an open one, and what that
    /// call finds closed closes for the next.
    /// </summary>
    private void ForgetIdle()
    {
        var (now, last) = (clock.GetUtcNow(), Interlocked.Read(ref _forgot));
        if (Math.Abs(now.UtcTicks - last) < BetweenForgetting.Ticks || Interlocked.CompareExchange(ref _forgot, now.UtcTicks, last) != last)
        {
            return;
        }

        governors.Forget(now - Idle, now);
        foreach (var closure in _closures.Where(closure => closure.Value.IsIdleSince(now - Idle)))
        {
            _closures.TryRemove(closure);
        }
    }

    private void OpenEarlier(Governor governor)
    {
        if (governor.TakeEarlierOpening() is { } opens)
        {
            ClosureOf(governor.Key).OpenBy(opens);
        }
    }

    private QuotaClosure ClosureOf(QuotaKey key) => _closures.GetOrAdd(key, static (key, clock) => new(key, clock), clock);

    private static partial class Log
    {
        [LoggerMessage(501, LogLevel.Warning, "{Gate} is closed until {Until:yyyy-MM-dd'T'HH:mm:ss'Z'}: {Reason}")]
        public static partial void Closed(ILogger logger, string gate, DateTimeOffset until, string reason);

        [LoggerMessage(502, LogLevel.Information, "{Gate} is open again: a probe has passed.")]
        public static partial void Opened(ILogger logger, string gate);

        [LoggerMessage(503, LogLevel.Warning, "{Gate} was refused after fewer calls of ours than its quota: somebody else uses it too, or it has shrunk.")]
        public static partial void UsedByOthers(ILogger logger, string gate);

        [LoggerMessage(504, LogLevel.Debug, "{Gate} was called up to its edge, which is closed until {Until:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}.")]
        public static partial void Touched(ILogger logger, string gate, DateTimeOffset until);
    }
}
