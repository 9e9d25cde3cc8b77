using Ungroup.Messages;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas.Windows;

/// <summary>One instance and a quota that counts by windows, minute by minute.</summary>
public sealed class QuotaWindowTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Some.Now is five seconds into a minute.
    private static readonly DateTimeOffset FirstTurn = Some.Now.AddSeconds(55);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_window_that_nobody_has_told_is_known_after_a_minute_and_used_up_in_every_second_one_with_a_few_refusals(bool hints)
    {
        var world = new QuotaWorld(1) { Hints = hints };

        await world.RunAsync(5 * Minute);

        for (var minute = 1; minute < 4; minute++)
        {
            var from = FirstTurn + (minute * Minute);
            Assert.InRange(world.Served(from, Minute), 475, 600);
            Assert.InRange(world.Refused(from, Minute), 0, 12);
            Assert.Equal(0, world.Refused(from, TimeSpan.FromSeconds(57)));
        }
    }

    [Fact]
    public async Task The_reserve_is_left_alone_until_the_minute_is_almost_over_and_calls_come_evenly()
    {
        var world = new QuotaWorld(1);

        await world.RunAsync(4 * Minute);

        var from = FirstTurn + (2 * Minute);
        Assert.InRange(world.Served(from, TimeSpan.FromSeconds(54.9)), 455, 482);
        for (var second = 4; second < 54; second++)
        {
            Assert.InRange(world.Served(from.AddSeconds(second), TimeSpan.FromSeconds(1)), 5, 12);
        }
    }

    [Fact]
    public async Task A_window_that_shrinks_costs_one_refusal_and_is_known_again_a_minute_later()
    {
        var world = new QuotaWorld(1) { Quota = 1_200 };
        await world.RunAsync((3 * Minute) + TimeSpan.FromSeconds(20));
        world.Quota = 300;

        await world.RunAsync(5 * Minute);

        var learned = FirstTurn + (5 * Minute);
        Assert.InRange(world.Served(learned, Minute), 230, 300);
        Assert.InRange(world.Refused(learned, 2 * Minute), 0, 12);
    }

    [Fact]
    public async Task A_window_that_grows_is_known_after_two_more()
    {
        var world = new QuotaWorld(1) { Quota = 600 };
        await world.RunAsync(3 * Minute);
        world.Quota = 1_800;

        await world.RunAsync(4 * Minute);

        Assert.InRange(world.Served(FirstTurn + (5 * Minute), Minute), 1_400, 1_800);
    }

    [Fact]
    public async Task A_quota_that_was_told_is_never_exceeded_and_never_looked_for()
    {
        var world = new QuotaWorld(1, new() { Quotas = { ["LeaveSecurityGroup"] = 300 } }) { Quota = 6_000 };

        await world.RunAsync(3 * Minute);

        Assert.InRange(world.Served(FirstTurn, Minute), 285, 300);
        Assert.Equal(0, world.Refused(Some.Now, 3 * Minute));
    }

    [Fact]
    public async Task A_quota_that_was_told_too_high_is_corrected_downwards()
    {
        var world = new QuotaWorld(1, new() { Quotas = { ["LeaveSecurityGroup"] = 3_000 } }) { Quota = 300 };

        await world.RunAsync(5 * Minute);

        Assert.InRange(world.Served(FirstTurn + (3 * Minute), Minute), 230, 300);
        Assert.InRange(world.Refused(FirstTurn + (3 * Minute), Minute), 0, 2);
    }

    [Fact]
    public async Task Incidents_use_the_reserve_at_once()
    {
        var world = new QuotaWorld(1);
        await world.RunAsync(2 * Minute);
        world.Origin = Origin.Incident;
        var from = world.Now;

        await world.RunAsync(TimeSpan.FromSeconds(1));

        Assert.InRange(world.Served(from, TimeSpan.FromSeconds(1)), 90, 582);
    }
}
