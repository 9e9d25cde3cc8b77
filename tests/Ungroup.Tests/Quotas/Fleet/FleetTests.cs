using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas.Fleet;

public sealed class FleetTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset FirstTurn = Some.Now.AddSeconds(55);

    [Fact]
    public async Task Instances_share_what_one_of_them_has_learned_and_use_it_evenly()
    {
        var world = new QuotaWorld(4);

        await world.RunAsync(5 * Minute);

        var (from, time) = (FirstTurn + (2 * Minute), 2 * Minute);
        Assert.InRange(world.Served(from, time), 1_070, 1_200);
        Assert.InRange(world.Refused(from, time), 0, 24);
        Assert.All(Enumerable.Range(0, 4), instance => Assert.InRange(
            world.Calls.Count(call => call.By == instance && call.IsServed && call.At >= from && call.At < from + time), 200, 400));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    public async Task Instances_that_begin_together_find_each_other_before_they_have_used_up_what_they_do_not_know(int instances)
    {
        var world = new QuotaWorld(instances);

        await world.RunAsync(TimeSpan.FromSeconds(40));

        Assert.InRange(world.Served(Some.Now, Minute), 150, 599);
        Assert.Equal(0, world.Refused(Some.Now, Minute));
    }

    [Fact]
    public async Task The_part_of_one_that_is_gone_goes_to_the_others()
    {
        var world = new QuotaWorld(2);
        await world.RunAsync(2 * Minute);
        world.Remove(1);

        await world.RunAsync(4 * Minute);

        Assert.InRange(world.Served(FirstTurn + (4 * Minute), Minute), 475, 600);
    }

    [Fact]
    public async Task One_that_joins_knows_at_once_what_the_others_have_learned()
    {
        var world = new QuotaWorld(1);
        await world.RunAsync(2 * Minute);
        world.Add();

        await world.RunAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(LimitBasis.Measured, world[1].Look().Estimate.Limit.Basis);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public async Task What_the_only_instance_had_learned_is_known_to_the_one_that_comes_after_it(int turnsLater)
    {
        var world = new QuotaWorld(1) { TurnsLater = TimeSpan.FromSeconds(turnsLater) };
        await world.RunAsync(6 * Minute);
        var learned = world[0].Look().Estimate;
        world.Remove(0);
        await world.RunAsync(5 * Minute);
        world.Add();

        await world.RunAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(LimitBasis.Measured, learned.Limit.Basis);
        Assert.Equal(learned, world[1].Look().Estimate);
    }

    [Fact]
    public async Task While_the_store_is_away_each_goes_on_with_the_part_it_had()
    {
        var world = new QuotaWorld(2);
        await world.RunAsync(3 * Minute);
        world.StoreIsAway = true;

        await world.RunAsync(2 * Minute);

        var from = FirstTurn + (3 * Minute);
        Assert.InRange(world.Served(from, Minute), 470, 600);
        Assert.InRange(world.Refused(from, Minute), 0, 12);
    }

    [Theory]
    [InlineData(600, 90)]
    [InlineData(3_000, 200)]
    public async Task When_the_store_is_back_the_fleet_goes_on_as_if_it_had_not_been_away(int quota, int seconds)
    {
        var world = new QuotaWorld(8) { Quota = quota };
        await world.RunAsync((4 * Minute) + TimeSpan.FromSeconds(10));
        world.StoreIsAway = true;
        await world.RunAsync(TimeSpan.FromSeconds(seconds));
        var back = world.Now;
        world.StoreIsAway = false;

        await world.RunAsync(3 * Minute);

        Assert.InRange(world.Served(back, 3 * Minute), 2.5 * quota, 3.1 * quota);
        Assert.InRange(world.Refused(back, 3 * Minute), 0, 12);
    }

    [Fact]
    public async Task An_instance_writes_a_few_times_a_minute()
    {
        var world = new QuotaWorld(4);
        await world.RunAsync(3 * Minute);
        var before = world.NotesWritten(2);

        await world.RunAsync(2 * Minute);

        Assert.InRange(world.NotesWritten(2) - before, 2, 12);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(64, 30)]
    public async Task A_quota_of_which_others_left_next_to_nothing_is_used_again_five_minutes_after_they_have_gone(int instances, int left)
    {
        var world = new QuotaWorld(instances);
        await world.RunAsync(3 * Minute);
        world.Quota = left;
        await world.RunAsync(2 * Minute);
        world.Quota = 600;
        var gone = FirstTurn + (6 * Minute);

        await world.RunAsync(gone + (6 * Minute) - world.Now);

        Assert.InRange(world.Served(gone + (5 * Minute), Minute), 475, 600);
        Assert.InRange(world.Refused(gone + (5 * Minute), Minute), 0, 12);
    }
}
