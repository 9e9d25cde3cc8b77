using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Ungroup.Ledger;

namespace Ungroup.Quotas;

/// <summary>A limiter for each account, region and API that was called lately, or is known to have a quota.</summary>
internal sealed class QuotaLimiters(IOptions<PaceOptions> options, LedgerOwner owner, Func<double> chance, TimeProvider clock)
{
    // Longer than any call may take, and than anybody is put off.
    private static readonly TimeSpan Idle = TimeSpan.FromHours(6);
    private static readonly TimeSpan BetweenForgetting = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<QuotaKey, QuotaLimiter> _limiters = new();
    private readonly LimiterSettings _settings = new(owner.Id, options.Value, chance, clock);
    private readonly Lock _sync = new();
    private DateTimeOffset _forgot = clock.GetUtcNow();

    public QuotaLimiter this[QuotaKey key] => _limiters.TryGetValue(key, out var limiter) ? limiter : Add(key);

    /// <summary>In the order in which they were first asked, so that what is done with all of them is done in the same order each time.</summary>
    public IReadOnlyList<QuotaLimiter> All { get; private set; } = [];

    public bool AreShared => options.Value.Shared;

    private QuotaLimiter Add(QuotaKey key)
    {
        lock (_sync)
        {
            ForgetIdle();
            if (!_limiters.TryGetValue(key, out var limiter))
            {
                limiter = _limiters[key] = new(key, _settings);
                All = [.. All, limiter];
            }

            return limiter;
        }
    }

    /// <summary>Of what nobody has asked for hours and nothing is known nothing is remembered: a region is any text that a message names.</summary>
    private void ForgetIdle()
    {
        var now = clock.GetUtcNow();
        if ((now - _forgot).Duration() < BetweenForgetting)
        {
            return;
        }

        _forgot = now;
        var idle = All.Where(limiter => limiter.IsIdleSince(now - Idle)).ToHashSet();
        All = [.. All.Where(limiter => !idle.Contains(limiter))];
        foreach (var limiter in idle)
        {
            _limiters.TryRemove(limiter.Key, out _);
        }
    }
}
