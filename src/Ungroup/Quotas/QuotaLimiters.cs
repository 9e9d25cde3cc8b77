using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Quotas.Windows;
using Ungroup.Time;

namespace Ungroup.Quotas;

/// <summary>A limiter for each account, region and API that was called lately, or is known to have a quota, and what is told of them.</summary>
internal sealed partial class QuotaLimiters(
    IOptions<PaceOptions> options, LedgerOwner owner, Func<double> chance, TimeProvider clock, ILogger<QuotaLimiters> logger)
{
    // Longer than any call may take, and than anybody is put off.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan BetweenForgetting = TimeSpan.FromMinutes(5);

    private readonly LimiterSettings _settings = new(owner.Id, options.Value, chance, new(clock));
    private readonly Lock _sync = new();
    private DateTimeOffset _forgot;

    // In the order in which they were first asked, so that what is done with all of them is done in the same order each time.
    private OrderedDictionary<QuotaKey, QuotaLimiter> _limiters = [];

    public QuotaLimiter this[QuotaKey key]
    {
        get
        {
            lock (_sync)
            {
                ForgetIdle();
                return _limiters.TryGetValue(key, out var limiter) ? limiter : _limiters[key] = new(key, _settings);
            }
        }
    }

    public IReadOnlyList<QuotaLimiter> All
    {
        get
        {
            lock (_sync)
            {
                return [.. _limiters.Values];
            }
        }
    }

    /// <summary>Instants in it are this instance's own until they are told to anybody.</summary>
    public SteadyClock Clock => _settings.Clock;

    public bool AreShared => options.Value.Shared;

    public IReadOnlyList<QuotaWait> Snapshot() =>
        [.. All.Select(limiter => limiter.Look().Closed).OfType<QuotaWait>().Select(ToMachine).OrderBy(closed => closed.Name, StringComparer.Ordinal)];

    /// <summary>Those of an API that were used lately, or would have been if they were not closed; null where there are more.</summary>
    public IReadOnlyList<QuotaLimiter>? UsedLately(string action, TimeSpan lately, int most)
    {
        lock (_sync)
        {
            List<QuotaLimiter> used = [.. _limiters.Values.Where(limiter => limiter.Key.Action == action && limiter.IsUsed(lately)).Take(most + 1)];
            return used.Count > most ? null : used;
        }
    }

    public QuotaPermit? TryTake(in PacedCall call, out QuotaWait? wait)
    {
        var limiter = this[call.Quota];
        wait = limiter.Take(call.Origin) is { } until ? ToMachine(until) : null;
        return wait is null ? new(this, limiter, call.Origin) : null;
    }

    /// <summary>When a message that does not wait in hand for a quota should come back: they come one after the other.</summary>
    public DateTimeOffset Promise(QuotaWait wait, Origin origin) => Clock.ToMachine(this[wait.Key].Promise(origin, Clock.FromMachine(wait.Until)));

    internal void Opened(QuotaKey key) => ClosingLog.Opened(logger, key.ToString());

    /// <summary>Refusals that nobody was looking for are an event; the others are how a quota is learned.</summary>
    internal (QuotaWait Closed, bool ByOthers) Refused(QuotaKey key, (DateTimeOffset Until, bool IsUnexpected, bool ByOthers) refusal, string reason)
    {
        var closed = ToMachine(new(key, refusal.Until, reason));
        if (refusal.ByOthers)
        {
            Log.UsedByOthers(logger, closed.Name);
        }

        if (refusal.IsUnexpected)
        {
            ClosingLog.Closed(logger, closed.Name, closed.Until, reason);
        }
        else
        {
            Log.Touched(logger, closed.Name, closed.Until);
        }

        return (closed, refusal.ByOthers);
    }

    private QuotaWait ToMachine(QuotaWait wait) => wait with { Until = Clock.ToMachine(wait.Until) };

    /// <summary>A region is any text that a message names: where nobody asks any more and nothing is known nothing is remembered.</summary>
    private void ForgetIdle()
    {
        var now = Clock.GetUtcNow();
        if (now - _forgot >= BetweenForgetting)
        {
            _forgot = now;
            _limiters = new(_limiters.Where(limiter => !limiter.Value.IsIdleSince(now - Idle)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(503, LogLevel.Warning, "{Gate} was refused after fewer calls of ours than its quota: somebody else uses it too, or it has shrunk.")]
        public static partial void UsedByOthers(ILogger logger, string gate);

        [LoggerMessage(504, LogLevel.Debug, "{Gate} was called up to its edge, which is closed until {Until:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}.")]
        public static partial void Touched(ILogger logger, string gate, DateTimeOffset until);
    }
}
