using System.Runtime.InteropServices;
using Ungroup.Messages;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas;

[StructLayout(LayoutKind.Auto)]
internal readonly record struct PacedCall(string Account, string RegionId, string Action, Origin Origin = Origin.Upstream)
{
    public QuotaKey Quota => new(Account, RegionId, Action);
}

/// <summary>Leave of a quota to make one call, which ends exactly once. An answer that it has not been told by then teaches nothing.</summary>
internal sealed class QuotaPermit(QuotaLimiters limiters, QuotaLimiter limiter, Origin origin) : IDisposable
{
    private DateTimeOffset? _sentAt;
    private bool _isAnswered;
    private int _isOver;

    public void Sending() => _sentAt = limiters.Clock.GetUtcNow();

    /// <summary>ECS has read the call, and the quota was not in the way.</summary>
    public void Passed() => _isAnswered = true;

    public (QuotaWait Closed, bool ByOthers) Throttled(TimeSpan? hint, string reason) => End()
        ? limiters.Refused(limiter.Key, limiter.Refused(origin, _sentAt ?? limiters.Clock.GetUtcNow(), hint, reason), reason)
        : throw new InvalidOperationException("This permit has ended already.");

    public void Dispose()
    {
        if (!End())
        {
            return;
        }

        if (_sentAt is not { } sentAt || !_isAnswered)
        {
            limiter.Left(wasSent: _sentAt is not null);
        }
        else if (limiter.Passed(sentAt))
        {
            limiters.Opened(limiter.Key);
        }
    }

    private bool End() => Interlocked.Exchange(ref _isOver, 1) == 0;
}
