using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas.Windows;

/// <summary>When a minute turns, where no hint says so: what is believed, and what is made of refusals.</summary>
public sealed class WindowStartTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset FirstTurn = Some.Now.AddSeconds(55);

    [Theory]
    [InlineData(1, 600)]
    [InlineData(2, 3_000)]
    [InlineData(4, 3_000)]
    [InlineData(4, 5_500)]
    [InlineData(8, 600)]
    public async Task A_window_that_held_nothing_for_minutes_turns_when_it_did_before(int instances, int quota)
    {
        var world = new QuotaWorld(instances) { Quota = quota };
        await world.RunAsync((3 * Minute) + TimeSpan.FromSeconds(30));
        world.Quota = 0;
        await world.RunAsync(3 * Minute);
        world.Quota = quota;

        await world.RunAsync(6 * Minute);

        for (var minute = 7; minute < 11; minute++)
        {
            var from = FirstTurn + (minute * Minute);
            Assert.InRange(world.Served(from, Minute), 0.78 * quota, quota);
            Assert.InRange(world.Refused(from, Minute), 0, 12);
        }

        Assert.All(Enumerable.Range(0, instances), instance => Assert.Equal(0, Turn(world, instance), tolerance: 0.5));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(40)]
    public async Task A_minute_that_turns_later_than_the_clocks_is_found(int seconds)
    {
        var world = new QuotaWorld(1) { TurnsLater = TimeSpan.FromSeconds(seconds) };

        await world.RunAsync(7 * Minute);

        Assert.Equal(seconds, Turn(world, 0), tolerance: 1);
        Assert.InRange(world.Served(FirstTurn.AddSeconds(seconds) + (3 * Minute), 2 * Minute), 1_070, 1_200);
    }

    [Theory]
    [InlineData(2, 600, 17)]
    [InlineData(2, 600, 40)]
    [InlineData(2, 3_000, 12)]
    [InlineData(2, 3_000, 57)]
    [InlineData(4, 600, 12)]
    [InlineData(4, 600, 57)]
    [InlineData(4, 600, 10)]
    [InlineData(4, 3_000, 17)]
    [InlineData(4, 3_000, 30)]
    [InlineData(8, 600, 17)]
    [InlineData(8, 600, 30)]
    [InlineData(8, 3_000, 12)]
    [InlineData(8, 3_000, 40)]
    [InlineData(8, 3_000, 57)]
    [InlineData(64, 600, 30)]
    [InlineData(64, 3_000, 12)]
    [InlineData(64, 3_000, 17)]
    public async Task A_fleet_finds_a_minute_that_turns_later_than_the_clocks_and_uses_it_up(int instances, int quota, int seconds)
    {
        var world = new QuotaWorld(instances) { Quota = quota, TurnsLater = TimeSpan.FromSeconds(seconds) };

        await world.RunAsync(14 * Minute);

        AssertUsedUp(world, quota, seconds, first: 4, last: 11);
        Assert.All(Enumerable.Range(0, instances), instance => Assert.Equal(seconds, Turn(world, instance), tolerance: 1));
    }

    [Fact]
    public async Task Somebody_who_uses_all_of_it_for_minutes_does_not_make_a_fleet_lose_the_turn()
    {
        var world = new QuotaWorld(4) { Quota = 3_000, TurnsLater = TimeSpan.FromSeconds(17) };
        await world.RunAsync(6 * Minute);
        world.Quota = 0;
        await world.RunAsync(3 * Minute);
        world.Quota = 3_000;

        await world.RunAsync(6 * Minute);

        AssertUsedUp(world, 3_000, 17, first: 11, last: 12);
    }

    [Fact]
    public async Task A_quota_that_falls_and_rises_leaves_the_turn_where_it_is()
    {
        var world = new QuotaWorld(4) { Quota = 3_000, TurnsLater = TimeSpan.FromSeconds(17) };
        await world.RunAsync(6 * Minute);
        world.Quota = 600;
        await world.RunAsync(6 * Minute);
        world.Quota = 3_000;

        await world.RunAsync(6 * Minute);

        AssertUsedUp(world, 600, 17, first: 8, last: 9);
        AssertUsedUp(world, 3_000, 17, first: 15, last: 15);
    }

    [Fact]
    public async Task Another_instance_goes_on_where_the_one_that_seeks_dies()
    {
        var world = new QuotaWorld(4) { Quota = 3_000, TurnsLater = TimeSpan.FromSeconds(40) };
        await world.RunAsync(TimeSpan.FromSeconds(65));
        var seeker = world.Calls.Where(call => !call.IsServed && call.At > world.Now.AddSeconds(-5)).GroupBy(call => call.By).MaxBy(calls => calls.Count())!.Key;

        world.Remove(seeker);
        await world.RunAsync(14 * Minute);

        AssertUsedUp(world, 3_000, 40, first: 6, last: 12);
    }

    [Fact]
    public async Task One_that_joins_later_hears_when_it_turns_with_its_first_call()
    {
        var world = new QuotaWorld(2) { Quota = 3_000, TurnsLater = TimeSpan.FromSeconds(17) };
        await world.RunAsync(6 * Minute);

        world.Add();
        await world.RunAsync(TimeSpan.FromSeconds(2));
        Assert.Equal(17, Turn(world, 2), tolerance: 0.5);

        await world.RunAsync(5 * Minute);
        AssertUsedUp(world, 3_000, 17, first: 7, last: 8);
    }

    [Theory]
    [InlineData(1, 1_200)]
    [InlineData(4, 3_000)]
    public async Task A_bucket_is_used_in_part_and_hardly_refused(int instances, int quota)
    {
        var world = new QuotaWorld(instances) { Quota = quota, Burst = 50 };

        await world.RunAsync(6 * Minute);

        for (var minute = 2; minute < 5; minute++)
        {
            var from = FirstTurn + (minute * Minute);
            Assert.InRange(world.Served(from, Minute), 0.1 * quota, 1.1 * quota);
            Assert.InRange(world.Refused(from, Minute), 0, 0.02 * quota);
        }
    }

    /// <summary>All of it is used in each of these minutes, and of the refusals there is the one that shows the edge and little more.</summary>
    private static void AssertUsedUp(QuotaWorld world, int quota, int seconds, int first, int last)
    {
        for (var minute = first; minute <= last; minute++)
        {
            var from = FirstTurn.AddSeconds(seconds) + (minute * Minute);
            Assert.InRange(world.Served(from, Minute), 0.78 * quota, quota);
            Assert.InRange(world.Refused(from, Minute), 0, 12);
        }
    }

    /// <summary>Seconds into the clock's minute at which an instance believes that the quota's turns.</summary>
    private static double Turn(QuotaWorld world, int instance) => ((world[instance].Look().Window.TimeOfDay.TotalSeconds + 1) % 60) - 1;
}
