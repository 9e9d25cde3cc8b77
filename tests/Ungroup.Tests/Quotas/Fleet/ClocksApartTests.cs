using Ungroup.Quotas;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas.Fleet;

/// <summary>Instances on machines of their own, whose clocks differ and whose store answers after a while.</summary>
public sealed class ClocksApartTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_clock_that_is_off_carries_the_start_of_windows_nowhere()
    {
        var world = new QuotaWorld(4, ahead: number => TimeSpan.FromSeconds(number == 1 ? 3 : 0)) { TurnsLater = Later, RepliesTake = TimeSpan.FromMilliseconds(50) };
        await world.RunAsync(30 * Minute);

        Assert.InRange(StartOf(world), Later.TotalSeconds - 0.5, Later.TotalSeconds + 0.5);
    }

    [Fact]
    public async Task Clocks_that_differ_as_clocks_do_call_in_the_same_window()
    {
        var world = new QuotaWorld(4, ahead: number => TimeSpan.FromSeconds(number % 2 == 0 ? -0.3 : 0.3)) { TurnsLater = Later };
        await world.RunAsync((3 * Minute) + Later - TimeSpan.FromSeconds(Some.Now.Second));
        var from = world.Now;
        await world.RunAsync(20 * Minute);

        Assert.All(Enumerable.Range(0, 20), window => Assert.Equal(0, world.Refused(from + (window * Minute), TimeSpan.FromSeconds(50))));
        Assert.All(Enumerable.Range(0, 20), window => Assert.InRange(world.Served(from + (window * Minute), Minute), 480, 600));
    }

    [Fact]
    public async Task An_instance_that_the_store_does_not_answer_for_most_of_a_minute_keeps_its_share()
    {
        var told = new PaceOptions { Quotas = { [QuotaWorld.Call.Action] = 600 } };
        var world = new QuotaWorld(2, told);
        await world.RunAsync((3 * Minute) - TimeSpan.FromSeconds(Some.Now.Second));
        var from = world.Now;
        world.CutOff = 1;
        await world.RunAsync(TimeSpan.FromSeconds(55));
        world.CutOff = null;
        await world.RunAsync(2 * Minute);

        Assert.Equal(0, world.Refused(from, 3 * Minute));
    }

    private static double StartOf(QuotaWorld world) => world[0].Look().Estimate.Start.Latest.TimeOfDay.TotalSeconds % 60;
}
