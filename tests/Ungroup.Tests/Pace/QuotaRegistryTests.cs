using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Pace;

namespace Ungroup.Tests.Pace;

public sealed class QuotaRegistryTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Governors _governors = new(Options.Create(new PaceOptions { Quotas = { ["Leave"] = 60_000, ["Describe"] = 60_000 } }), () => 0.5);
    private readonly QuotaRegistry _quotas;

    public QuotaRegistryTests() => _quotas = new(_governors, _clock, NullLogger<QuotaRegistry>.Instance);

    [Fact]
    public void A_throttled_API_is_closed_in_its_region_and_its_account_alone()
    {
        Enter("a", "r1", "Leave")!.Throttled(TimeSpan.FromSeconds(10), TimeSpan.Zero, "throttled");

        Assert.Null(Enter("a", "r1", "Leave"));
        Assert.NotNull(Enter("a", "r1", "Describe"));
        Assert.NotNull(Enter("a", "r2", "Leave"));
        Assert.NotNull(Enter("b", "r1", "Leave"));
    }

    [Fact]
    public void What_is_closed_can_be_shown()
    {
        Enter("a", "r1", "Leave")!.Throttled(TimeSpan.FromSeconds(10), TimeSpan.Zero, "throttled");

        var closed = Assert.Single(_quotas.Snapshot());
        Assert.Equal(("a/r1/Leave", _clock.GetUtcNow() + TimeSpan.FromSeconds(10), "throttled"), (closed.Name, closed.Until, closed.Reason));
    }

    [Fact]
    public void A_permit_left_without_a_word_lets_the_next_one_probe()
    {
        Enter("a", "r1", "Leave")!.Throttled(TimeSpan.FromSeconds(10), TimeSpan.Zero, "throttled");
        _clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Null(Enter("a", "r1", "Leave"));
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        using (var probe = Enter("a", "r1", "Leave"))
        {
            Assert.NotNull(probe);
            Assert.Null(Enter("a", "r1", "Leave"));
        }

        Enter("a", "r1", "Leave")!.Passed();
        Assert.Empty(_quotas.Snapshot());
    }

    [Fact]
    public void Who_knows_when_a_minute_turns_is_not_closed_by_those_who_believe_that_it_turns_at_another_instant()
    {
        Enter("a", "r1", "Leave")!.Throttled(TimeSpan.FromSeconds(10), TimeSpan.Zero, "throttled");
        _clock.Advance(TimeSpan.FromSeconds(11));
        Enter("a", "r1", "Leave")!.Passed();
        _clock.Advance(TimeSpan.FromSeconds(1));

        Close(_clock.GetUtcNow().AddSeconds(30), "found closed elsewhere");
        Assert.Empty(_quotas.Snapshot());

        Close(_clock.GetUtcNow().AddSeconds(59), "found closed elsewhere");
        Assert.Single(_quotas.Snapshot());
    }

    [Fact]
    public void A_quota_opens_when_another_instance_has_found_that_the_minute_has_turned()
    {
        var governor = _governors[new("a", "r1", "Leave")];
        var first = new FleetView(1, [new(0, _clock.GetUtcNow(), Wants: true, _clock.GetUtcNow(), 0, 0, TouchedBefore: false)]);
        governor.Hear(first, new(60_000, QuotaBasis.Measured, QuotaShape.Window, 1), null, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(20));
        Enter("a", "r1", "Leave")!.Throttled(null, TimeSpan.Zero, "throttled");
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(Enter("a", "r1", "Leave"));

        governor.Hear(first, null, new(_clock.GetUtcNow().AddSeconds(-2), TimeSpan.FromSeconds(1)), _clock.GetUtcNow());

        Assert.NotNull(Enter("a", "r1", "Leave"));
    }

    [Fact]
    public void What_ECS_has_said_of_when_to_come_back_counts_whatever_others_have_found()
    {
        var governor = _governors[new("a", "r1", "Leave")];
        _clock.Advance(TimeSpan.FromSeconds(20));
        Enter("a", "r1", "Leave")!.Throttled(TimeSpan.FromSeconds(30), TimeSpan.Zero, "throttled");
        _clock.Advance(TimeSpan.FromSeconds(5));

        governor.Hear(FleetView.Alone, null, new(_clock.GetUtcNow().AddSeconds(-2), TimeSpan.FromSeconds(1)), _clock.GetUtcNow());

        Assert.Null(Enter("a", "r1", "Leave"));
        _clock.Advance(TimeSpan.FromSeconds(24));
        Assert.Null(Enter("a", "r1", "Leave"));
        _clock.Advance(TimeSpan.FromSeconds(1.1));
        Assert.NotNull(Enter("a", "r1", "Leave"));
    }

    [Fact]
    public void What_was_heard_before_a_refusal_does_not_open_the_quota_that_it_closes()
    {
        var governor = _governors[new("a", "r1", "Leave")];
        _clock.Advance(TimeSpan.FromSeconds(20));
        var (first, second) = (Enter("a", "r1", "Leave")!, Enter("a", "r1", "Leave")!);
        first.Throttled(null, TimeSpan.Zero, "throttled");
        governor.Hear(FleetView.Alone, null, new(_clock.GetUtcNow(), TimeSpan.FromSeconds(1)), _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(2));
        second.Throttled(TimeSpan.FromSeconds(30), TimeSpan.Zero, "throttled");

        Assert.Null(Enter("a", "r1", "Leave"));
    }

    [Fact]
    public void What_was_heard_before_another_instance_has_closed_the_quota_does_not_open_it()
    {
        var governor = _governors[new("a", "r1", "Leave")];
        var first = new FleetView(1, [new(0, _clock.GetUtcNow(), Wants: true, _clock.GetUtcNow(), 0, 0, TouchedBefore: false)]);
        governor.Hear(first, new(60_000, QuotaBasis.Measured, QuotaShape.Window, 1), null, _clock.GetUtcNow());
        _clock.Advance(TimeSpan.FromSeconds(20));
        Enter("a", "r1", "Leave")!.Throttled(null, TimeSpan.Zero, "throttled");
        _clock.Advance(TimeSpan.FromSeconds(5));
        governor.Hear(first, null, new(_clock.GetUtcNow().AddSeconds(-2), TimeSpan.FromSeconds(1)), _clock.GetUtcNow());

        Close(_clock.GetUtcNow().AddMinutes(5), "ECS said so");

        Assert.Null(Enter("a", "r1", "Leave"));
    }

    private void Close(DateTimeOffset until, string reason) => _quotas.Hear(new("a", until, reason) { Region = "r1", Api = "Leave" });

    private QuotaPermit? Enter(string account, string region, string action) => _quotas.TryTake(new(account, region, action), out _);
}
