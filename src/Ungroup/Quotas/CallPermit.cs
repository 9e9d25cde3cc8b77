using Ungroup.Requests;

namespace Ungroup.Quotas;

/// <summary>Leave to make one call, which ends exactly once. What is not said of the call by then teaches nothing.</summary>
internal sealed class CallPermit(QuotaLimiter limiter, Origin origin, TimeProvider clock) : IDisposable
{
    private DateTimeOffset? _sentAt;
    private bool _isAnswered;
    private int _isOver;

    /// <summary>The call is on its way from now on.</summary>
    public void Sending() => _sentAt = clock.GetUtcNow();

    /// <summary>ECS has read the call, whatever it says of it.</summary>
    public void Answered() => _isAnswered = true;

    /// <summary>ECS has refused the call because the quota is used up.</summary>
    public QuotaRefusal Refused(TimeSpan? hint)
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 1)
        {
            throw new InvalidOperationException("The permit has ended already.");
        }

        return limiter.Refused(origin, _sentAt ?? clock.GetUtcNow(), hint);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isOver, 1) == 1)
        {
            return;
        }

        if (_sentAt is { } sentAt && _isAnswered)
        {
            limiter.Passed(sentAt);
        }
        else
        {
            limiter.Left(wasSent: _sentAt is not null);
        }
    }
}
