using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Cli.Sandbox;
using Ungroup.Messages;
using Ungroup.Pace;

namespace Ungroup.EndToEnd.Tests.Sandbox;

public sealed class PaceLineTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly PaceOptions _options = new();
    private readonly Governors _governors;

    public PaceLineTests() => _governors = new(Options.Create(_options), () => 0.5);

    private Governor Governor => _governors[new("default", "cn-hangzhou", "LeaveSecurityGroup")];

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public void Nothing_is_said_while_nothing_waits_for_its_turn()
    {
        Assert.Null(Line(400));

        Assert.True(Governor.TryTake(Origin.Upstream, Now, out _));
        Governor.Passed(Now, isAnswered: true, Now);

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

        Assert.Equal("paced 4/s while the quota is learned; 40 left, about 10 s", Line(40));
    }

    [Fact]
    public void A_quota_that_is_used_up_is_waited_for_first()
    {
        Assert.True(Governor.TryTake(Origin.Upstream, Now, out _));
        Governor.Refused(Now, TimeSpan.FromSeconds(30), Now);

        Assert.Equal("used up for another 30 s, then paced 4/s while the quota is learned; 40 left, about 40 s", Line(40));
        _clock.Advance(TimeSpan.FromSeconds(32));
        Assert.Null(Line(40));
    }

    private string? Line(int left) => new PaceLine(_governors, _clock).Of(left);

    private void WaitForATurn()
    {
        for (var turns = 0; Governor.TryTake(Origin.Upstream, Now, out _); turns++)
        {
            Assert.True(turns < 1_000, "It never has to wait.");
            Governor.Passed(Now, isAnswered: true, Now);
        }
    }
}
