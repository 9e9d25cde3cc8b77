using Ungroup.Sandbox.Ecs.Quotas;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs.Quotas;

public sealed class WindowTests
{
    private static readonly Quota TenPerMinute = new("LeaveSecurityGroup", Calls: 10, PerSeconds: 60);

    [Fact]
    public void The_last_call_of_a_window_is_served_and_the_next_only_when_the_next_window_begins()
    {
        var bench = new MeterBench(TenPerMinute, Sim.Noon.AddMilliseconds(59_900));

        Assert.Equal(9, bench.ServedOf(9));
        bench.After(99);
        Assert.True(bench.IsServed());
        Assert.Equal(TimeSpan.FromMilliseconds(1), bench.Refused());
        bench.After(1);

        Assert.Equal(10, bench.ServedOf(11));
        Assert.Equal((10, 20L, 2L), (bench.Use.Used, bench.Use.Served, bench.Use.Refused));
    }

    [Fact]
    public void Windows_may_begin_later_than_the_clocks_minute()
    {
        var bench = new MeterBench(TenPerMinute with { Offset = TimeSpan.FromSeconds(17) });

        Assert.Equal(10, bench.ServedOf(11));
        bench.At(TimeSpan.FromSeconds(16.999));
        Assert.Equal(TimeSpan.FromMilliseconds(1), bench.Refused());
        bench.At(TimeSpan.FromSeconds(17));
        Assert.Equal(10, bench.ServedOf(11));
        bench.At(TimeSpan.FromSeconds(60));
        Assert.Equal(TimeSpan.FromSeconds(17), bench.Refused());
    }

    [Theory]
    [InlineData("2026-01-02T12:00:05Z", 60, 0, 55)]
    [InlineData("2026-01-02T12:00:05Z", 60, 10, 5)]
    [InlineData("1970-01-01T00:00:00Z", 7, 0, 7)]
    [InlineData("1970-01-01T00:00:00Z", 7, 3, 3)]
    [InlineData("1969-12-31T23:59:59Z", 7, 0, 1)]
    public void Windows_are_counted_from_the_epoch(string now, int perSeconds, int offset, int left)
    {
        var quota = new Quota("LeaveSecurityGroup", Calls: 0, perSeconds) { Offset = TimeSpan.FromSeconds(offset) };

        Assert.Equal(TimeSpan.FromSeconds(left), new MeterBench(quota, DateTimeOffset.Parse(now, null)).Refused());
    }

    [Fact]
    public void A_window_is_closed_from_its_last_call_to_its_end()
    {
        var bench = new MeterBench(TenPerMinute);

        bench.ServedOf(9);
        bench.After(40_000);
        Assert.Equal(0, bench.Use.ClosedMs);
        bench.ServedOf(2);
        bench.After(5_000);
        Assert.Equal(5_000, bench.Use.ClosedMs);
        bench.After(500_000);

        Assert.Equal(20_000, bench.Use.ClosedMs);
        Assert.Equal(0, bench.Use.Used);
    }

    [Fact]
    public void A_window_of_no_calls_is_closed_all_the_time()
    {
        var bench = new MeterBench(TenPerMinute with { Calls = 0 }, Sim.Noon.AddSeconds(50));

        Assert.Equal(TimeSpan.FromSeconds(10), bench.Refused());
        bench.After(1_000_000);

        Assert.Equal(1_000_000, bench.Use.ClosedMs);
        Assert.False(bench.IsServed());
    }

    [Fact]
    public void A_step_takes_effect_exactly_at_its_time_and_what_was_used_stays_used()
    {
        var bench = new MeterBench(TenPerMinute with
        {
            Steps = [new(TimeSpan.FromSeconds(30), 12), new(TimeSpan.FromSeconds(45), 3), new(TimeSpan.FromSeconds(90), 5)],
        });

        Assert.Equal(10, bench.ServedOf(11));
        bench.After(29_999);
        Assert.False(bench.IsServed());
        bench.After(1);
        Assert.Equal(2, bench.ServedOf(3));
        Assert.Equal(12, bench.Use.Calls);
        bench.At(TimeSpan.FromSeconds(60));
        Assert.Equal(3, bench.ServedOf(4));
        Assert.Equal(60_000, bench.Use.ClosedMs);
        bench.At(TimeSpan.FromSeconds(90));
        Assert.Equal(90_000, bench.Use.ClosedMs);
        Assert.Equal(2, bench.ServedOf(4));
        Assert.Equal((5, 5), (bench.Use.Calls, bench.Use.Used));
    }

    [Fact]
    public void Refused_calls_that_count_are_still_counted_when_the_quota_rises()
    {
        var quota = TenPerMinute with { RefusedCallsCount = true, Steps = [new(TimeSpan.FromSeconds(30), 13)] };
        var bench = new MeterBench(quota);
        var forgiving = new MeterBench(quota with { RefusedCallsCount = false });

        Assert.Equal((10, 10), (bench.ServedOf(12), forgiving.ServedOf(12)));
        Assert.Equal((12, 10), (bench.Use.Used, forgiving.Use.Used));
        bench.After(30_000);
        forgiving.After(30_000);

        Assert.Equal((1, 3), (bench.ServedOf(5), forgiving.ServedOf(5)));
    }

    [Fact]
    public void A_time_before_one_already_seen_counts_as_that_one()
    {
        var meter = new QuotaMeter(TenPerMinute with { Calls = 1 }, Sim.Noon, () => 0.5);

        Assert.Null(meter.Count(Sim.Noon.AddSeconds(60)));
        Assert.NotNull(meter.Count(Sim.Noon.AddSeconds(59)));
        Assert.Equal((1, 0.0), (meter.Read(Sim.Noon).Used, meter.Read(Sim.Noon).ClosedMs));
        Assert.Equal(1_000, meter.Read(Sim.Noon.AddSeconds(61)).ClosedMs);
    }
}
