using Ungroup.Sandbox.Ecs.Quotas;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs.Quotas;

public sealed class OthersTests
{
    private static readonly Quota Window = new("LeaveSecurityGroup", Calls: 600, PerSeconds: 60) { Others = new(0.2) };
    private static readonly Quota Bucket = new("LeaveSecurityGroup", Calls: 50, PerSeconds: 1) { Burst = 50, Others = new(0.2) };

    [Fact]
    public void They_call_for_their_share_give_or_take_what_chance_makes_of_it()
    {
        var (window, bucket) = (new MeterBench(Window), new MeterBench(Bucket));

        window.At(TimeSpan.FromHours(10));
        bucket.At(TimeSpan.FromHours(1));

        // 72,000 and 36,000 are expected; four standard deviations are four times their roots.
        Assert.InRange(window.Use.Others, 72_000 - 1_073, 72_000 + 1_073);
        Assert.InRange(bucket.Use.Others, 36_000 - 759, 36_000 + 759);
        Assert.Equal((0L, 0L), (window.Use.OthersRefused, bucket.Use.OthersRefused));
    }

    [Fact]
    public void They_come_by_chance_not_in_step()
    {
        var bench = new MeterBench(Window);
        var perMinute = new List<long>();
        for (var minute = 1; minute <= 600; minute++)
        {
            var before = bench.Use.Others;
            bench.At(TimeSpan.FromMinutes(minute));
            perMinute.Add(bench.Use.Others - before);
        }

        // Of a Poisson process the variance is the mean.
        var mean = perMinute.Average();
        var variance = perMinute.Average(count => (count - mean) * (count - mean));
        Assert.InRange(mean, 118, 122);
        Assert.InRange(variance / mean, 0.75, 1.25);
    }

    [Fact]
    public void Their_calls_leave_less_for_us()
    {
        var bench = new MeterBench(Window);

        bench.At(TimeSpan.FromSeconds(59.999));
        var taken = bench.Use.Others;
        var served = bench.ServedOf(1000);

        Assert.InRange(taken, 120 - 44, 120 + 44);
        Assert.Equal(600, served + taken);
        Assert.Equal((600, 1000 - served), (bench.Use.Used, bench.Use.Refused));
    }

    [Fact]
    public void They_are_refused_while_we_have_used_it_up()
    {
        var bench = new MeterBench(Window);

        Assert.Equal(600, bench.ServedOf(600));
        bench.At(TimeSpan.FromSeconds(59.999));
        var (served, refused) = (bench.Use.Others, bench.Use.OthersRefused);
        bench.At(TimeSpan.FromSeconds(120));

        Assert.Equal(0, served);
        Assert.InRange(refused, 120 - 44, 120 + 44);
        Assert.Equal(refused, bench.Use.OthersRefused);
        Assert.InRange(bench.Use.Others, 120 - 44, 120 + 44);
        Assert.Equal(60_000, bench.Use.ClosedMs);
    }

    [Fact]
    public void Their_refused_calls_count_where_refused_calls_count()
    {
        var quota = Bucket with { Burst = 1, Others = new(5) };
        var (bench, forgiving) = (new MeterBench(quota with { RefusedCallsCount = true }), new MeterBench(quota));

        bench.At(TimeSpan.FromMinutes(1));
        forgiving.At(TimeSpan.FromMinutes(1));

        // 250 calls a second against 50: each has to find 20 ms without another, which chance allows one in e^5, or one that refilled.
        Assert.InRange(bench.Use.Others, 60, 150);
        Assert.InRange(forgiving.Use.Others, 2_300, 2_700);
    }

    [Fact]
    public void They_keep_to_their_share_when_the_quota_steps()
    {
        var bench = new MeterBench(Bucket with { Steps = [new(TimeSpan.FromHours(1), 10), new(TimeSpan.FromHours(2), 0), new(TimeSpan.FromHours(3), 50)] });
        var counts = new List<long>();
        for (var hour = 1; hour <= 4; hour++)
        {
            var before = bench.Use.Others;
            bench.At(TimeSpan.FromHours(hour));
            counts.Add(bench.Use.Others - before);
        }

        Assert.InRange(counts[0], 36_000 - 759, 36_000 + 759);
        Assert.InRange(counts[1], 7_200 - 340, 7_200 + 340);
        Assert.Equal(0, counts[2]);
        Assert.InRange(counts[3], 36_000 - 759, 36_000 + 759);
    }

    [Fact]
    public void How_often_somebody_looks_changes_nothing()
    {
        var (often, once) = (new MeterBench(Bucket), new MeterBench(Bucket));

        for (var look = 0; look < 10_000; look++)
        {
            often.After(7.3);
            Assert.True(often.Use.Others >= 0);
        }

        once.After(73_000);
        Assert.Equal(once.Use, often.Use);
    }

    [Fact]
    public void Each_meter_of_a_book_has_chance_of_its_own_and_the_same_each_time()
    {
        IReadOnlyList<long> Others(int seed, params string[] regions)
        {
            var book = new QuotaBook([Window with { Others = new(0.2, seed) }], Sim.Noon);
            foreach (var region in regions)
            {
                book.Count("default", region, "LeaveSecurityGroup", Sim.Noon.AddHours(1));
            }

            return [.. book.Snapshot(Sim.Noon.AddHours(1)).Select(use => use.Others)];
        }

        Assert.Equal(Others(1, "r1", "r2"), Others(1, "r2", "r1"));
        Assert.NotEqual(Others(1, "r1")[0], Others(1, "r2")[0]);
        Assert.NotEqual(Others(1, "r1")[0], Others(2, "r1")[0]);
    }

    [Fact]
    public async Task Whoever_asks_at_once_gets_no_more_than_there_is()
    {
        const int Each = 200_000;
        var meter = new QuotaMeter(Window with { Calls = 400_000, Others = new(1) }, Sim.Noon, new Random(1).NextDouble);
        using var together = new Barrier(4);

        var served = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return Enumerable.Range(0, Each).Count(call => meter.Count(Sim.Noon.AddTicks(call)) is null);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        var use = meter.Read(Sim.Noon.AddSeconds(1));
        Assert.Equal((400_000, 400_000L, 4L * Each), (use.Used, use.Served + use.Others, use.Served + use.Refused));
        Assert.Equal(served.Sum(), use.Served);
    }
}
