using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace.Measures;

/// <summary>How long after a step of the quota a fleet has understood. Infinite if not before the next step or the end.</summary>
internal static class Convergence
{
    private const double Enough = 0.9;
    private const double TooMuch = 1.05;
    private const double Slack = 1.2;
    private static readonly TimeSpan Trail = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Bucket: until the calls sent in the ten seconds that follow would all fit into a bucket of 1.2 × the new rate that holds one second
    /// of the new rate, and the quota stays low as long.
    /// </summary>
    public static TimeSpan DropOfBucket(IReadOnlyList<DateTimeOffset> sent, Stretch low, int perSecond) =>
        Since(low.From, Follows(sent, low, Slack * perSecond, perSecond, Trail) is { } time && time + Trail <= low.To ? time : null);

    /// <summary>
    /// Window: until no more than one call a second is sent before the window turns, if none of the whole windows that follow sees more
    /// than 1.05 × the new quota sent; otherwise until the last window that does has ended.
    /// </summary>
    public static TimeSpan DropOfWindow(IReadOnlyList<DateTimeOffset> sent, Stretch low, int perSecond, TimeSpan turnsLate = default)
    {
        var turn = WindowQuota.StartOf(low.From, turnsLate) + QuotaPlan.Window;
        var tooFull = Windows(sent, new(turn, low.To), turnsLate).Where(window => window.Count > TooMuch * perSecond * 60).ToArray();
        return tooFull switch
        {
            [.., var last] => Since(low.From, last.Start + (2 * QuotaPlan.Window) > low.To ? null : last.Start + QuotaPlan.Window),
            _ => Since(low.From, Follows(sent, new(low.From, turn), 1, 1, QuotaPlan.Window)),
        };
    }

    /// <summary>Bucket: until the calls served in the ten seconds before reach 0.9 × the target.</summary>
    public static TimeSpan RiseOfBucket(IReadOnlyList<DateTimeOffset> served, Stretch high, double perSecond)
    {
        var enough = (int)Math.Ceiling(Enough * perSecond * Trail.TotalSeconds);
        for (var last = enough - 1; last < served.Count && served[last] < high.To; last++)
        {
            if (served[last] >= high.From && served[last] - served[last - enough + 1] <= Trail)
            {
                return served[last] - high.From;
            }
        }

        return Timeout.InfiniteTimeSpan;
    }

    /// <summary>Window: until the start of the first window of which 0.9 × the target is served; no time if that began before the rise.</summary>
    public static TimeSpan RiseOfWindow(IReadOnlyList<DateTimeOffset> served, Stretch high, double perSecond, TimeSpan turnsLate = default)
    {
        var (start, count) = Windows(served, high, turnsLate).FirstOrDefault(window => window.Count >= Enough * perSecond * 60);
        return count == 0 ? Timeout.InfiniteTimeSpan : start > high.From ? start - high.From : TimeSpan.Zero;
    }

    /// <summary>The first time, the beginning or right after a call, from which on calls fit into a bucket that is full then.</summary>
    private static DateTimeOffset? Follows(IReadOnlyList<DateTimeOffset> sent, Stretch within, double rate, double burst, TimeSpan horizon)
    {
        var calls = sent.Where(within.Holds).ToArray();
        for (var first = 0; first <= calls.Length; first++)
        {
            var from = first == 0 ? within.From : calls[first - 1];
            if (Fits(calls, first, from, rate, burst, horizon))
            {
                return from;
            }
        }

        return null;
    }

    private static bool Fits(DateTimeOffset[] calls, int first, DateTimeOffset from, double rate, double burst, TimeSpan horizon)
    {
        var (level, asOf) = (burst, from);
        for (var index = first; index < calls.Length && calls[index] - from <= horizon; index++)
        {
            level = Math.Min(burst, level + (rate * (calls[index] - asOf).TotalSeconds)) - 1;
            asOf = calls[index];
            if (level < 0)
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<(DateTimeOffset Start, int Count)> Windows(IReadOnlyList<DateTimeOffset> times, Stretch within, TimeSpan turnsLate) => times
        .Where(time => time >= WindowQuota.StartOf(within.From, turnsLate) && time < WindowQuota.StartOf(within.To, turnsLate))
        .GroupBy(time => WindowQuota.StartOf(time, turnsLate))
        .Select(window => (window.Key, window.Count()));

    private static TimeSpan Since(DateTimeOffset step, DateTimeOffset? time) => time - step ?? Timeout.InfiniteTimeSpan;
}
