using Ungroup.Quotas;

namespace Ungroup.Tests.Quotas;

public sealed class ForecastTests
{
    [Fact]
    public void A_thousand_removals_at_a_thousand_a_minute_and_a_fifth_left_to_others_take_a_minute_and_a_quarter() =>
        Assert.Equal(TimeSpan.FromSeconds(75), Forecast.TimeFor(1_000, perMinute: 1_000, reserve: 0.2));

    [Fact]
    public void Of_a_quota_that_nothing_is_known_of_nothing_is_foretold() => Assert.Null(Forecast.TimeFor(1_000, perMinute: 0, reserve: 0.2));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(51.2, "52 s")]
    [InlineData(75, "1 min 15 s")]
    [InlineData(720, "12 min")]
    [InlineData(11_400, "3 h 10 min")]
    [InlineData(363_600, "4 days 5 h")]
    public void Times_are_said_in_two_units_at_most(double seconds, string said) => Assert.Equal(said, Forecast.Said(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.8, "0.8")]
    [InlineData(8, "8")]
    [InlineData(13.33, "13")]
    [InlineData(12_345, "12,345")]
    public void Numbers_have_the_digits_that_say_something(double number, string said) => Assert.Equal(said, Forecast.Said(number));
}
