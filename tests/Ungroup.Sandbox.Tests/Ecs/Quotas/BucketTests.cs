using Ungroup.Sandbox.Ecs.Quotas;

namespace Ungroup.Sandbox.Tests.Ecs.Quotas;

public sealed class BucketTests
{
    private static readonly Quota FiftyASecond = new("LeaveSecurityGroup", Calls: 50, PerSeconds: 1) { Burst = 5 };

    [Fact]
    public void It_starts_full_and_gives_one_call_back_to_the_millisecond()
    {
        var bench = new MeterBench(FiftyASecond);

        Assert.Equal(5, bench.ServedOf(5));
        Assert.Equal(TimeSpan.FromMilliseconds(20), bench.Refused());
        bench.After(19);
        Assert.Equal(TimeSpan.FromMilliseconds(1), bench.Refused());
        bench.After(1);

        Assert.Equal(1, bench.ServedOf(2));
        Assert.Equal(("bucket", 5, 6L, 3L), (bench.Use.Shape, bench.Use.Used, bench.Use.Served, bench.Use.Refused));
    }

    [Fact]
    public void Where_a_call_is_back_between_two_ticks_of_the_clock_the_later_one_serves_it()
    {
        var bench = new MeterBench(new Quota("LeaveSecurityGroup", Calls: 7, PerSeconds: 3) { Burst = 1 });

        // Three sevenths of a second are 4,285,714.29 ticks.
        bench.ServedOf(1);
        bench.At(TimeSpan.FromTicks(4_285_714));
        Assert.False(bench.IsServed());
        bench.At(TimeSpan.FromTicks(4_285_715));

        Assert.True(bench.IsServed());
        Assert.Equal(428.5715, bench.Use.ClosedMs);
    }

    [Fact]
    public void It_never_holds_more_than_its_burst()
    {
        var bench = new MeterBench(FiftyASecond);

        bench.ServedOf(5);
        bench.After(99.9);
        Assert.Equal(1, bench.Use.Used);
        bench.After(0.1);
        Assert.Equal(0, bench.Use.Used);
        bench.After(3_600_000);

        Assert.Equal(5, bench.ServedOf(10));
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(1000, 60)]
    [InlineData(3, 7)]
    public void However_often_it_is_looked_at_nothing_drifts(int calls, int perSeconds)
    {
        var bench = new MeterBench(new Quota("LeaveSecurityGroup", calls, perSeconds) { Burst = 3 * calls });
        bench.ServedOf(3 * calls);

        for (var look = 0; look < perSeconds * 2000; look++)
        {
            bench.After(look < (perSeconds * 2000) - 1 ? 1 : 0.9999);
            Assert.InRange(bench.Use.Used, calls, 3 * calls);
        }

        Assert.Equal(calls + 1, bench.Use.Used);
        bench.After(0.0001);

        Assert.Equal(2 * calls, bench.ServedOf(3 * calls));
    }

    [Fact]
    public void It_is_closed_while_less_than_one_call_is_left()
    {
        var bench = new MeterBench(FiftyASecond);

        bench.ServedOf(4);
        bench.After(10);
        bench.ServedOf(1);
        Assert.Equal(0, bench.Use.ClosedMs);
        bench.After(4);
        Assert.Equal(4, bench.Use.ClosedMs);
        bench.After(1000);

        Assert.Equal(10, bench.Use.ClosedMs);
    }

    [Fact]
    public void A_step_changes_how_fast_it_refills_exactly_at_its_time_and_may_change_what_it_holds()
    {
        var bench = new MeterBench(FiftyASecond with
        {
            Steps = [new(TimeSpan.FromSeconds(30), 10), new(TimeSpan.FromSeconds(60), 0), new(TimeSpan.FromSeconds(90), 100, Burst: 2)],
        });

        bench.At(TimeSpan.FromSeconds(29.99));
        Assert.Equal(5, bench.ServedOf(6));
        bench.After(10);

        // Half a call came at the old pace, the other half comes at a fifth of it.
        Assert.Equal(TimeSpan.FromMilliseconds(50), bench.Refused());
        bench.After(49);
        Assert.False(bench.IsServed());
        bench.After(1);
        Assert.True(bench.IsServed());

        bench.At(TimeSpan.FromSeconds(70));
        Assert.Equal(5, bench.ServedOf(6));
        Assert.Null(bench.Refused());
        Assert.Equal(0, bench.Use.Calls);

        bench.At(TimeSpan.FromSeconds(90));
        Assert.Equal(TimeSpan.FromMilliseconds(10), bench.Refused());
        bench.After(1000);
        Assert.Equal(2, bench.ServedOf(6));
        Assert.Equal((100, 2), (bench.Use.Calls, bench.Use.Burst));
    }

    [Fact]
    public void A_smaller_burst_takes_away_what_no_longer_fits()
    {
        var bench = new MeterBench(FiftyASecond with { Steps = [new(TimeSpan.FromSeconds(1), 50, Burst: 2)] });

        bench.After(1000);

        Assert.Equal(2, bench.ServedOf(5));
    }

    [Fact]
    public void A_refused_call_that_counts_empties_it_and_makes_no_debts()
    {
        var bench = new MeterBench(FiftyASecond with { RefusedCallsCount = true });

        bench.ServedOf(5);
        for (var call = 0; call < 100; call++)
        {
            bench.After(19);
            Assert.Equal(TimeSpan.FromMilliseconds(20), bench.Refused());
        }

        Assert.Equal(1900, bench.Use.ClosedMs);
        bench.After(20);

        Assert.True(bench.IsServed());
    }
}
