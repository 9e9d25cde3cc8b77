using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas;

/// <summary>A limiter for each account, region and API that was called lately, or is known to have a quota, and what is told of them.</summary>
internal sealed partial class QuotaLimiters(
    IOptions<PaceOptions> options, LedgerOwner owner, Func<double> chance, TimeProvider clock, ILogger<QuotaLimiters> logger) : ISharedClosings
{
    // What is open again before others have heard of it is no news.
    private static readonly TimeSpan SoonOver = TimeSpan.FromSeconds(3);

    // Longer than any call may take, and than anybody is put off.
    private static readonly TimeSpan Idle = TimeSpan.FromHours(6);
    private static readonly TimeSpan BetweenForgetting = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<QuotaKey, QuotaLimiter> _limiters = new();
    private readonly LimiterSettings _settings = new(owner.Id, options.Value, chance, new(clock));
    private readonly Lock _sync = new();
    private DateTimeOffset _forgot;
    private readonly List<QuotaLimiter> _inOrder = [];
    private IReadOnlyList<QuotaLimiter>? _all;
    private bool _hasNews;

    public QuotaLimiter this[QuotaKey key] => _limiters.TryGetValue(key, out var limiter) ? limiter : Add(key);

    /// <summary>In the order in which they were first asked, so that what is done with all of them is done in the same order each time.</summary>
    public IReadOnlyList<QuotaLimiter> All
    {
        get
        {
            lock (_sync)
            {
                return _all ??= [.. _inOrder];
            }
        }
    }

    public SteadyClock Clock => _settings.Clock;

    public QuotasInUse InUse { get; } = new();

    public bool AreShared => options.Value.Shared;

    /// <summary>The quotas that are used up, by name.</summary>
    public IReadOnlyList<QuotaWait> Snapshot() =>
        [.. All.Select(limiter => limiter.Look().Closed).OfType<QuotaWait>().Select(Told).OrderBy(closed => closed.Name, StringComparer.Ordinal)];

    /// <summary>While this instance seeks when the next window starts, the others wait for its news.</summary>
    public IEnumerable<SharedClosing> Closings =>
        from look in All.Select(limiter => limiter.Look())
        let closed = look.Closed
        where closed is not null
        let until = closed.Until + (look.State == QuotaState.Seeking && look.Estimate.Start.FoundBy == owner.Id ? QuotaEstimator.Doubt : TimeSpan.Zero)
        select new SharedClosing(closed.Key.Account, Clock.Tell(until), closed.Reason) { Api = closed.Key.Action, Region = closed.Key.RegionId };

    /// <summary>A permit for one call, or null and until when to wait.</summary>
    public QuotaPermit? TryTake(in PacedCall call, out QuotaWait? wait)
    {
        var limiter = this[call.Quota];
        var isTaken = limiter.TryTake(call.Origin, out var untold);
        wait = untold is null ? null : Told(untold);
        InUse.Note(limiter);
        return isTaken ? new(this, limiter, call.Origin, Clock) : null;
    }

    /// <summary>When a message that does not wait in hand for a quota should come back: they come one after the other.</summary>
    public DateTimeOffset Promise(QuotaWait wait, Origin origin) => Clock.Tell(this[wait.Key].Promise(origin, Clock.Read(wait.Until)));

    public bool TakeNews() => Interlocked.Exchange(ref _hasNews, false);

    public void Hear(SharedClosing said)
    {
        if (said is { IsQuota: true, Region: { } region, Api: { } api }
            && this[new(said.Account, region, api)] is var limiter
            && limiter.CloseFromOutside(Clock.Read(said.Until), said.Reason))
        {
            InUse.Note(limiter);
            Log.Closed(logger, said.Name, said.Until, said.Reason);
        }
    }

    internal void Passed(QuotaKey key, bool opened)
    {
        if (opened)
        {
            Log.Opened(logger, key.ToString());
        }
    }

    /// <summary>Refusals that nobody was looking for are an event; the others are how a quota is learned.</summary>
    internal (QuotaWait Closed, bool ByOthers) Refused(QuotaKey key, QuotaRefusal refusal, string reason)
    {
        var until = Clock.Tell(refusal.Until);
        if (refusal.ByOthers)
        {
            Log.UsedByOthers(logger, key.ToString());
        }

        if (refusal.IsUnexpected)
        {
            Log.Closed(logger, key.ToString(), until, reason);
        }
        else
        {
            Log.Touched(logger, key.ToString(), until);
        }

        Volatile.Write(ref _hasNews, _hasNews || refusal.State == QuotaState.Seeking || refusal.Until - Clock.GetUtcNow() > SoonOver);
        return (new(key, until, reason), refusal.ByOthers);
    }

    /// <summary>As the machine's clock calls it.</summary>
    private QuotaWait Told(QuotaWait wait) => wait with { Until = Clock.Tell(wait.Until) };

    private QuotaLimiter Add(QuotaKey key)
    {
        lock (_sync)
        {
            ForgetIdle();
            if (!_limiters.TryGetValue(key, out var limiter))
            {
                limiter = _limiters[key] = new(key, _settings);
                _inOrder.Add(limiter);
                _all = null;
            }

            return limiter;
        }
    }

    /// <summary>Of what nobody has asked for hours and nothing is known nothing is remembered: a region is any text that a message names.</summary>
    private void ForgetIdle()
    {
        var now = Clock.GetUtcNow();
        if (now - _forgot < BetweenForgetting)
        {
            return;
        }

        _forgot = now;
        var idle = _inOrder.Where(limiter => limiter.IsIdleSince(now - Idle)).ToHashSet();
        _inOrder.RemoveAll(idle.Contains);
        _all = null;
        foreach (var limiter in idle)
        {
            _limiters.TryRemove(limiter.Key, out _);
        }
    }

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
