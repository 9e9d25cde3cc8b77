using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace.Peers;

/// <summary>
/// A token bucket that is told the true quota, and each step when it comes, but not how many others are told the same: the arithmetic of
/// System.Threading.RateLimiting's TokenBucketRateLimiter, which itself knows real time only. Against a window it holds one second's calls.
/// </summary>
internal sealed class ToldLimiter(QuotaPlan plan, DateTimeOffset start)
{
    private readonly TokenBucket _bucket = new(plan.At(start), BurstOf(plan, start), BurstOf(plan, start), start);

    public Permit Ask(Job job, DateTimeOffset now)
    {
        if (plan.At(now) is var rate && rate != _bucket.Rate)
        {
            _bucket.Change(rate, BurstOf(plan, now), now);
        }

        return _bucket.Ask(job, now);
    }

    private static int BurstOf(QuotaPlan plan, DateTimeOffset now) => plan.Shape == QuotaShape.Bucket ? QuotaPlan.Burst : plan.At(now);
}
