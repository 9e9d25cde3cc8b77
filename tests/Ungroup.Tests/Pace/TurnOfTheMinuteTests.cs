using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>When a minute turns, where no hint says so: what is believed, and what is made of refusals.</summary>
public sealed class TurnOfTheMinuteTests
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
        var world = new PaceWorld(instances) { Quota = quota };
        await world.RunAsync((3 * Minute) + TimeSpan.FromSeconds(30));
        world.Quota = 0;
        await world.RunAsync(3 * Minute);
        world.Quota = quota;

        await world.RunAsync(6 * Minute);

        for (var minute = 7; minute < 11; minute++)
        {
            var from = FirstTurn + (minute * Minute);
            Assert.InRange(world.Served(from, Minute), 0.95 * quota, quota);
            Assert.InRange(world.Refused(from, Minute), 0, 3);
        }

        Assert.All(Enumerable.Range(0, instances), instance => Assert.Equal(0, Turn(world, instance), tolerance: 0.5));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(17)]
    [InlineData(40)]
    public async Task A_minute_that_turns_later_than_the_clocks_is_found(int seconds)
    {
        var world = new PaceWorld(1) { TurnsLater = TimeSpan.FromSeconds(seconds) };

        await world.RunAsync(7 * Minute);

        Assert.Equal(seconds, Turn(world, 0), tolerance: 1);
        Assert.InRange(world.Served(FirstTurn.AddSeconds(seconds) + (3 * Minute), 2 * Minute), 1_100, 1_200);
    }

    /// <summary>Seconds into the clock's minute at which an instance believes that the quota's turns.</summary>
    private static double Turn(PaceWorld world, int instance) => world[instance].Report(world.Now)!.MinuteStart.TimeOfDay.TotalSeconds % 60;
}
