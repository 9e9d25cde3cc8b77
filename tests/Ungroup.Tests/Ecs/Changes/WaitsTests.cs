using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class WaitsTests
{
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.0001)]
    [InlineData(0.7)]
    [InlineData(12.3)]
    public void A_pause_is_over_no_sooner_than_its_instant_has_come_and_never_at_once(double milliseconds)
    {
        var pause = new Waits(Options.Create(new EcsOptions()), _clock, () => 0.5).PauseAsync(TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None);
        _clock.Advance(TimeSpan.FromMilliseconds(Math.Floor(milliseconds)));
        Assert.False(pause.IsCompleted);

        _clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.True(pause.IsCompletedSuccessfully);
    }
}
