using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Cli.Sandbox.Screen;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;

namespace Ungroup.EndToEnd.Tests.Sandbox;

public sealed class PaceLineTests
{
    private static readonly PacedCall Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly PaceOptions _options = new();
    private readonly QuotaLimiters _limiters;

    public PaceLineTests() => _limiters = new(Options.Create(_options), new("one"), () => 0.5, _clock, NullLogger<QuotaLimiters>.Instance);

    [Fact]
    public void Nothing_is_said_while_nothing_waits_for_its_turn()
    {
        Assert.Null(Line(400));

        Assert.True(TryCall());

        Assert.Null(Line(400));
    }

    [Fact]
    public void Speed_quota_what_is_left_and_how_long_that_takes_are_said_while_something_waits()
    {
        _options.Quotas["LeaveSecurityGroup"] = 600;
        WaitForATurn();

        Assert.Equal("paced 8/s of 10/s; 412 left, about 52 s", Line(412));
        Assert.Null(Line(0));
    }

    [Fact]
    public void A_quota_that_nothing_is_known_of_is_said_to_be_learned()
    {
        WaitForATurn();

        Assert.Equal("paced 3.2/s while the quota is learned; 40 left, about 13 s", Line(40));
    }

    [Fact]
    public void A_quota_that_is_used_up_is_waited_for_first()
    {
        using (var permit = _limiters.TryTake(Leave, out _)!)
        {
            permit.Sending();
            permit.Throttled(TimeSpan.FromSeconds(30), "Throttling.User");
        }

        Assert.Equal("used up for another 31 s, then paced 3.2/s while the quota is learned; 40 left, about 44 s", Line(40));
        _clock.Advance(TimeSpan.FromSeconds(32));
        Assert.Null(Line(40));
    }

    private string? Line(int left) => new PaceLine(_limiters, _clock).Of(left);

    private bool TryCall()
    {
        using var permit = _limiters.TryTake(Leave, out _);
        permit?.Sending();
        permit?.Passed();
        return permit is not null;
    }

    private void WaitForATurn()
    {
        for (var turns = 0; TryCall(); turns++)
        {
            Assert.True(turns < 1_000, "It never has to wait.");
        }
    }
}
