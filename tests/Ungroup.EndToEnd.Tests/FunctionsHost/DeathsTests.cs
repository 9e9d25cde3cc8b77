using Microsoft.Extensions.Time.Testing;
using Ungroup.FunctionsHost;
using Ungroup.FunctionsHost.Worker;

namespace Ungroup.EndToEnd.Tests.FunctionsHost;

public sealed class DeathsTests
{
    private static readonly WorkerLife Ready = new(WasReady: true, "exit code 137", "");

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Pauses_double_and_the_fourth_death_within_a_minute_is_the_last()
    {
        var deaths = new Deaths(_clock);

        Assert.Equal([1, 2, 4], Enumerable.Range(0, 3).Select(_ => deaths.PauseAfter(Ready).TotalSeconds));
        Assert.Throws<FunctionsHostException>(() => deaths.PauseAfter(Ready));
    }

    [Fact]
    public void Deaths_of_more_than_a_minute_ago_are_forgotten()
    {
        var deaths = new Deaths(_clock);
        for (var times = 0; times < 10; times++)
        {
            Assert.InRange(deaths.PauseAfter(Ready).TotalSeconds, 1, 4);
            _clock.Advance(TimeSpan.FromSeconds(25));
        }
    }

    [Fact]
    public void An_app_that_never_came_up_is_not_started_again()
    {
        var never = new WorkerLife(WasReady: false, "exit code 2", "\n  No Service Bus is configured.");

        Assert.EndsWith("No Service Bus is configured.", Assert.Throws<FunctionsHostException>(() => new Deaths(_clock).PauseAfter(never)).Message, StringComparison.Ordinal);
    }
}
