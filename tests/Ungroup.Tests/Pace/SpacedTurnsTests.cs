using Ungroup.Pace;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class SpacedTurnsTests
{
    private readonly SpacedTurns _turns = new(() => 0);

    [Fact]
    public void Turns_come_evenly_and_say_when_the_next_one_does()
    {
        Assert.False(_turns.TryTake(2, Some.Now, out var wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);

        Assert.True(_turns.TryTake(2, Some.Now + wait, out _));
        Assert.False(_turns.TryTake(2, Some.Now + wait, out wait));
        Assert.Equal(TimeSpan.FromSeconds(0.5), wait);
    }

    [Fact]
    public void What_was_not_used_is_made_up_for_a_quarter_of_a_second_and_no_longer()
    {
        _turns.TryTake(20, Some.Now, out _);

        Assert.Equal(6, Taken(20, Some.Now.AddMinutes(1)));
    }

    [Fact]
    public void A_faster_speed_does_not_count_for_the_time_before_it()
    {
        _turns.TryTake(1, Some.Now, out _);

        Assert.False(_turns.TryTake(1_000, Some.Now.AddSeconds(0.5), out var wait));
        Assert.Equal(0.0005, wait.TotalSeconds, 0.0001);
    }

    [Fact]
    public void Who_goes_slower_has_nothing_of_the_faster_time_left()
    {
        _turns.TryTake(1_000, Some.Now, out _);
        _turns.TryTake(1_000, Some.Now.AddSeconds(10), out _);

        Assert.Equal(1, Taken(1, Some.Now.AddSeconds(10)));
    }

    [Fact]
    public void Without_a_speed_there_is_no_turn_and_no_end_of_the_wait()
    {
        Assert.False(_turns.TryTake(0, Some.Now, out var wait));
        Assert.Equal(TimeSpan.MaxValue, wait);
    }

    private int Taken(double perSecond, DateTimeOffset now)
    {
        var taken = 0;
        while (_turns.TryTake(perSecond, now, out _))
        {
            taken++;
        }

        return taken;
    }
}
