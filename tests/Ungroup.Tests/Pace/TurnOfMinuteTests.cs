using Ungroup.Pace;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class TurnOfMinuteTests
{
    private static readonly TurnOfMinute Found = new(Some.Now, TimeSpan.FromSeconds(1));

    [Fact]
    public void Minutes_begin_at_the_same_second_before_and_after_the_one_that_was_found()
    {
        Assert.Equal(Some.Now.AddMinutes(7), Found.StartOf(Some.Now.AddMinutes(7.9)));
        Assert.Equal(Some.Now.AddMinutes(-1), Found.StartOf(Some.Now.AddSeconds(-1)));
    }

    [Fact]
    public void Before_one_was_found_the_clocks_minute_is_believed() =>
        Assert.Equal(Some.Now.AddSeconds(-5), TurnOfMinute.OfTheClock.StartOf(Some.Now));

    [Theory]
    [InlineData(0, 5)]
    [InlineData(25, 1)]
    [InlineData(25, 2)]
    public void Minutes_are_counted_on_when_the_same_turn_is_found_again(int secondsLater, int minutesLater)
    {
        var found = Found with { From = Found.From.AddSeconds(secondsLater) };
        var again = found with { From = found.From.AddMinutes(minutesLater) };

        Assert.Equal(found.NumberOf(found.From.AddMinutes(8)), again.NumberOf(found.From.AddMinutes(8)));
        Assert.Equal(found.NumberOf(found.From) + 8, found.NumberOf(found.From.AddMinutes(8)));
    }

    [Fact]
    public void A_finding_that_comes_back_by_way_of_another_clock_is_not_a_new_one()
    {
        Assert.False((Found with { From = Found.From.AddSeconds(2) }).IsNewerThan(Found));
        Assert.True((Found with { From = Found.From.AddMinutes(1) }).IsNewerThan(Found));
    }

    [Theory]
    [InlineData(-3, -1, false)]
    [InlineData(-3, 0, true)]
    [InlineData(1, 3, true)]
    [InlineData(1.5, 3, false)]
    [InlineData(61, 63, true)]
    public void A_minute_may_turn_within_what_is_not_known(double from, double to, bool may) =>
        Assert.Equal(may, Found.IsBetween(Some.Now.AddSeconds(from), Some.Now.AddSeconds(to)));

    [Fact]
    public void A_note_tells_it_by_the_stores_clock_and_one_of_an_older_version_tells_nothing()
    {
        var report = new PaceReport(PaceWorld.Key, Wants: true, Some.Now, 1, 2, TouchedBefore: true, QuotaKnowledge.Nothing, Found);
        var ahead = TimeSpan.FromMinutes(3);
        var text = FleetNote.Of("i-1", [report], Some.Now, ahead).ToText();

        Assert.Equal(Found, Assert.Single(FleetNote.Parse(text)!.Lines).TurnOf(ahead));

        var old = text.Replace(",\"turn\":", ",\"other\":", StringComparison.Ordinal);
        Assert.NotEqual(text, old);
        Assert.Null(Assert.Single(FleetNote.Parse(old)!.Lines).TurnOf(ahead));
    }
}
