using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas.Fleet;

/// <summary>A fleet does not go on believing of a quota what something out of the ordinary made it believe.</summary>
public sealed class RecoveryTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Some.Now is five seconds into a minute.
    private static readonly DateTimeOffset FirstTurn = Some.Now.AddSeconds(55);

    [Theory]
    [InlineData(2, 300)]
    [InlineData(4, 350)]
    [InlineData(8, 300)]
    public async Task What_a_minute_took_is_not_used_up_in_seconds_because_there_may_be_more(int instances, int quota)
    {
        var world = new QuotaWorld(instances) { Quota = quota };
        await world.RunAsync(TimeSpan.FromSeconds(10));
        for (var instance = 0; instance < instances; instance++)
        {
            world[instance].Hear([], new(new(200, LimitBasis.AtMost, 10, default), WindowStart.OfTheClock));
        }

        await world.RunAsync(10 * Minute);

        for (var minute = FirstTurn + (5 * Minute); minute < FirstTurn + (9 * Minute); minute += Minute)
        {
            Assert.Equal(0, world.Refused(minute, TimeSpan.FromSeconds(50)));
            Assert.InRange(world.Served(minute, Minute), 0.75 * quota, quota);
        }
    }

    [Theory]
    [InlineData(1, 20, false)]
    [InlineData(4, 20, true)]
    [InlineData(4, 40, false)]
    public async Task A_window_of_which_little_is_left_is_not_used_up_at_the_beginning_of_every_minute(int instances, int left, bool hints)
    {
        var world = new QuotaWorld(instances) { Quota = 600, Hints = hints };
        await world.RunAsync(5 * Minute);
        world.Quota = left;

        await world.RunAsync(10 * Minute);

        for (var minute = FirstTurn + (9 * Minute); minute < FirstTurn + (14 * Minute); minute += Minute)
        {
            Assert.Equal(0, world.Refused(minute, TimeSpan.FromSeconds(57)));
            Assert.InRange(world.Served(minute, Minute), 0.75 * left, left);
        }
    }

    [Theory]
    [InlineData(1, 600)]
    [InlineData(4, 600)]
    [InlineData(4, 3_000)]
    public async Task Refusals_of_another_kind_do_not_say_that_a_minute_turns_then(int instances, int quota)
    {
        var world = new QuotaWorld(instances) { Quota = quota };
        var from = FirstTurn + (5 * Minute) + TimeSpan.FromSeconds(2);
        world.IsRefusedAnyway = now => now >= from && now < from + TimeSpan.FromSeconds(2);

        await world.RunAsync(12 * Minute);

        for (var minute = FirstTurn + (7 * Minute); minute < FirstTurn + (11 * Minute); minute += Minute)
        {
            Assert.InRange(world.Served(minute, Minute), 0.8 * quota, quota);
            Assert.InRange(world.Refused(minute, Minute), 0, 12);
        }
    }

    [Fact]
    public async Task A_turn_that_has_moved_is_found_although_it_was_sure_where_it_was()
    {
        var world = new QuotaWorld(1) { Quota = 600 };
        await world.RunAsync(5 * Minute);
        world.TurnsLater = TimeSpan.FromSeconds(4);

        await world.RunAsync(8 * Minute);

        for (var minute = FirstTurn + (8 * Minute) + world.TurnsLater; minute < FirstTurn + (11 * Minute); minute += Minute)
        {
            Assert.InRange(world.Served(minute, Minute), 0.75 * 600, 600);
            Assert.InRange(world.Refused(minute, Minute), 0, 12);
        }
    }
}
