using Ungroup.Messages;
using Ungroup.Quotas.Windows;
using Ungroup.Time;

namespace Ungroup.Quotas;

/// <summary>Leave of a quota to make one call, which ends exactly once. What is not said of the call by then teaches nothing.</summary>
internal sealed class QuotaPermit(QuotaLimiters limiters, QuotaLimiter limiter, Origin origin, SteadyClock clock) : IDisposable
{
    private DateTimeOffset? _sentAt;
    private bool _isAnswered;
    private int _isOver;

    /// <summary>The call is on its way from now on.</summary>
    public void Sending() => _sentAt = clock.GetUtcNow();

    /// <summary>ECS has read the call, and the quota was not in the way.</summary>
    public void Passed() => _isAnswered = true;

    /// <summary>ECS has refused the call because the quota is used up.</summary>
    /// <param name="hint">When to come back, as ECS says.</param>
    /// <param name="reason">What an operator reads.</param>
    public (QuotaWait Closed, bool ByOthers) Throttled(TimeSpan? hint, string reason)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 1)
        {
            throw new InvalidOperationException("This permit has ended already.");
        }

        return limiters.Refused(limiter.Key, limiter.Refused(origin, _sentAt ?? clock.GetUtcNow(), hint, reason), reason);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 1)
        {
            return;
        }

        if (_sentAt is { } sentAt && _isAnswered)
        {
            limiters.Passed(limiter.Key, opened: limiter.Passed(sentAt));
        }
        else
        {
            limiter.Left(wasSent: _sentAt is not null);
        }
    }
}
