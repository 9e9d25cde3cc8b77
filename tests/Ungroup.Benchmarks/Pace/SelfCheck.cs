using Ungroup.Benchmarks.Pace.Measures;
using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>Cases whose answer is known beyond doubt, played before anything is measured: a ruler that lies must not measure.</summary>
internal static class SelfCheck
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static void Run()
    {
        CheckWindow();
        CheckBucket();
        CheckLateWindow();
        CheckSteps();
        CheckMeasures();
        CheckConvergence();
        WorldCheck.Run();
    }

    public static void Expect<T>(string what, T expected, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found))
        {
            throw new InvalidOperationException($"The benchmark measures wrongly: {what} should be {expected} and is {found}.");
        }
    }

    private static void CheckWindow()
    {
        var quota = new WindowQuota(2);
        Expect("the first call of a window", true, quota.Take(At(10)));
        Expect("the last call of a window", true, quota.Take(At(50)));
        Expect("a call too many", false, quota.Take(At(59.9999999)));
        Expect("the hint at 59.2 s", TimeSpan.FromMilliseconds(800), quota.Hint(At(59.2)));
        Expect("a call when the window turns", true, quota.Take(At(60)));
        Expect("closed", "50-60", Text(quota.ClosedUntil(At(100))));

        Expect("the last call of the next window", true, quota.Take(At(110)));
        Expect("closed and not yet open again", "50-60 110-115", Text(quota.ClosedUntil(At(115))));
        Expect("closed while nobody called for minutes", "50-60 110-120", Text(quota.ClosedUntil(At(500))));
    }

    private static void CheckBucket()
    {
        var quota = new BucketQuota(10, 3, At(0));
        Expect("three calls of a full bucket of three", "True True True", string.Join(' ', quota.Take(At(0)), quota.Take(At(0)), quota.Take(At(0))));
        Expect("a call one tick too early", false, quota.Take(At(0.0999999)));
        Expect("its hint", TimeSpan.FromMilliseconds(1), quota.Hint(At(0.0999999)));
        Expect("a call at the tick", true, quota.Take(At(0.1)));
        Expect("closed", "0-0.1 0.1-0.2", Text(quota.ClosedUntil(At(5))));
        Expect("no more than the brim after seconds", "True True True False", string.Join(' ', Enumerable.Range(0, 4).Select(_ => quota.Take(At(5)))));

        // Three parts a tick that do not divide a second: refusals on the way must not lose any of it.
        var third = new BucketQuota(3, 1, At(0));
        var served = Enumerable.Range(0, 30_001).Count(millisecond => third.Take(At(millisecond / 1000.0)));
        Expect("calls in 30 s at three a second, asked for each millisecond", 90, served);
    }

    private static void CheckLateWindow()
    {
        var quota = new WindowQuota(1, TimeSpan.FromSeconds(17));
        Expect("a window that turns 17 s late", "True False True", string.Join(' ', quota.Take(At(1)), quota.Take(At(16.9)), quota.Take(At(17))));
        Expect("its hint", TimeSpan.FromSeconds(50), quota.Hint(At(27)));
    }

    private static void CheckSteps()
    {
        var window = new WindowQuota(120);
        var served = Enumerable.Range(0, 70).Count(_ => window.Take(At(10)));
        window.Change(1, At(20));
        Expect("calls before the drop", 70, served);
        Expect("a call after a drop below what is used", false, window.Take(At(21)));
        window.Change(2, At(30));
        Expect("calls left after the rise", 50, Enumerable.Range(0, 60).Count(_ => window.Take(At(31))));
        Expect("closed", "20-30 31-60", Text(window.ClosedUntil(At(90))));

        var bucket = new BucketQuota(10, 1, At(0));
        bucket.Take(At(0));
        bucket.Change(1, At(0.05));
        Expect("half a call flowed in at the old rate", true, !bucket.Take(At(0.5499999)) && bucket.Take(At(0.55)));
        Expect("closed over the step", "0-0.05 0.05-0.55 0.55-1", Text(bucket.ClosedUntil(At(1))));

        var plan = new QuotaPlan(QuotaShape.Bucket, 50, [new(At(60), 10), new(At(120), 50)]);
        Expect("a quota by time over its steps", (30.0 * 50) + (60 * 10) + (30 * 50), plan.Within(new(At(30), At(150))));
        Expect("the rate at a step", 10, plan.At(At(60)));
    }

    private static void CheckMeasures()
    {
        Expect("Jain of equals", 1.0, Fairness.Jain([7, 7, 7, 7]));
        Expect("Jain of one who has all", 0.25, Fairness.Jain([0, 0, 9, 0]));
        Expect("Jain of 1, 2, 3", 36.0 / 42, Fairness.Jain([1, 2, 3]));
        var holds = Enumerable.Range(1, 200).Select(second => TimeSpan.FromSeconds(second)).Reverse().ToArray();
        Expect("p99 of 1 to 200", TimeSpan.FromSeconds(198), Order.Rank(holds, 0.99));
        Expect("the longest of 1 to 200", TimeSpan.FromSeconds(200), Order.Rank(holds, 1));
        Expect("the overlap", TimeSpan.FromSeconds(15), new Stretch(At(10), At(30)).Overlap([new(At(0), At(15)), new(At(20), At(60)), new(At(40), At(50))]));

        var steps = new QuotaStep[] { new(At(405), 10) };
        Expect("steady of a window", "180-360 540-660", Text(Steady.Of(new(QuotaShape.Window, 50, steps), At(10), At(700))));
        Expect("steady of a bucket", "130-405 525-700", Text(Steady.Of(new(QuotaShape.Bucket, 50, steps), At(10), At(700))));
        Expect("steady of too short a run", "", Text(Steady.Of(new(QuotaShape.Window, 50, []), At(10), At(200))));

        var log = new Log { Closed = [new(At(118), At(120)), new(At(150), At(160))] };
        log.Add(new Call(0, At(119), At(119.5), true));
        log.Add(new Call(0, At(119.9), At(120), true));
        log.Add(new Call(1, At(130), At(130), false));
        log.Add(new Call(Call.Others, At(140), At(140), true));
        log.Add(new Call(1, At(179), At(180), true));
        Expect("a share", new Share(1.0 / 119, 500, 10.0 / 60), Share.Of([new(At(120), At(180))], new(QuotaShape.Bucket, 2, []), log));
    }

    private static void CheckConvergence()
    {
        var low = new Stretch(At(25), At(205));
        var stopsAtOnce = Every(0.1, 0, 27).Concat(Every(1, 28, 60)).Concat(Every(0.1, 60, 205)).ToArray();
        Expect("a drop noticed at 27 s, the last call but one at 26.8 s", 1.8, Math.Round(Convergence.DropOfWindow(stopsAtOnce, low, 10).TotalSeconds, 1));
        var sendsTooMuch = stopsAtOnce.Concat(Every(1, 60.5, 120)).Order().ToArray();
        Expect("a drop with one more window too full", 95.0, Convergence.DropOfWindow(sendsTooMuch, low, 10).TotalSeconds);
        var never = Every(0.05, 0, 205).ToArray();
        Expect("a drop that nobody notices in a window", Timeout.InfiniteTimeSpan, Convergence.DropOfWindow(never, low, 10));
        Expect("a drop that nobody notices in a bucket", Timeout.InfiniteTimeSpan, Convergence.DropOfBucket(never, low, 10));

        // Ten at once and twelve a second are let go: of fifty a second, that is until the last quarter of a second before it slows down.
        var slows = Every(0.02, 0, 30).Concat(Every(0.1, 30, 205)).ToArray();
        Expect("a drop of a bucket", true, Convergence.DropOfBucket(slows, low, 10).TotalSeconds is > 4.7 and < 4.8);

        var high = new Stretch(At(25), At(300));
        var rises = Every(0.1, 0, 100).Concat(Every(0.02, 100, 300)).ToArray();
        Expect("a rise of a bucket, 45 a second over ten seconds", true, Convergence.RiseOfBucket(rises, high, 50).TotalSeconds is > 83.7 and < 83.8);
        Expect("a rise of a window", 95.0, Convergence.RiseOfWindow(rises, high, 50).TotalSeconds);
        Expect("a rise that does not come", Timeout.InfiniteTimeSpan, Convergence.RiseOfWindow(rises, high, 70));
    }

    private static DateTimeOffset At(double seconds) => Noon + TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    private static IEnumerable<DateTimeOffset> Every(double seconds, double from, double to) =>
        Enumerable.Range(0, (int)Math.Round((to - from) / seconds)).Select(number => At(from + (number * seconds)));

    private static string Text(IEnumerable<Stretch> stretches) =>
        string.Join(' ', stretches.Select(stretch => $"{(stretch.From - Noon).TotalSeconds}-{(stretch.To - Noon).TotalSeconds}"));
}
