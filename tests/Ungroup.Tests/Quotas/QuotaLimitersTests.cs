using Microsoft.Extensions.Time.Testing;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

public sealed class QuotaLimitersTests
{
    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly QuotaLimiters _limiters;

    public QuotaLimitersTests() => _limiters = SomeLimiters.New(_clock, new() { Quotas = { ["Leave"] = 60_000, ["Describe"] = 60_000 } });

    [Fact]
    public void A_throttled_API_is_closed_in_its_region_and_its_account_alone()
    {
        Enter("a", "r1", "Leave")!.Throttled(TimeSpan.FromSeconds(10), "throttled");

        Assert.Null(Enter("a", "r1", "Leave"));
        Assert.NotNull(Enter("a", "r1", "Describe"));
        Assert.NotNull(Enter("a", "r2", "Leave"));
        Assert.NotNull(Enter("b", "r1", "Leave"));
    }

    [Fact]
    public void What_is_closed_can_be_shown()
    {
        Enter("a", "r1", "Leave")!.Throttled(TimeSpan.FromSeconds(10), "throttled");

        var closed = Assert.Single(_limiters.Snapshot());
        Assert.Equal(("a/r1/Leave", "throttled"), (closed.Name, closed.Reason));
        Assert.InRange(closed.Until - _clock.GetUtcNow(), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(12));
    }

    [Fact]
    public void A_window_that_another_instance_was_refused_in_closes_here_too()
    {
        Hear(SomeQuota.Found, isRefused: true);

        Assert.Null(Enter("a", "r1", "Leave"));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 5, 0, TimeSpan.Zero), Assert.Single(_limiters.Snapshot()).Until, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void An_instance_that_knows_when_windows_start_is_not_closed_by_those_who_believe_something_else()
    {
        Find(_clock.GetUtcNow().AddSeconds(-1));

        Hear(SomeQuota.Found, isRefused: true);

        Assert.Empty(_limiters.Snapshot());
    }

    [Fact]
    public void What_ECS_has_closed_for_longer_than_a_window_is_closed_for_all()
    {
        Hear(WindowStart.OfTheClock, isRefused: false, _clock.GetUtcNow().AddHours(3));

        Assert.Null(Enter("a", "r1", "Leave"));
        Assert.Equal(_clock.GetUtcNow().AddHours(3), Assert.Single(_limiters.Snapshot()).Until);
    }

    [Fact]
    public void A_quota_opens_when_another_instance_has_found_that_the_next_window_has_started()
    {
        _clock.Advance(TimeSpan.FromSeconds(20));
        Find(_clock.GetUtcNow().AddSeconds(-10));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Refuse(null);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(Enter("a", "r1", "Leave"));

        Find(_clock.GetUtcNow().AddSeconds(-2), version: 9);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(Enter("a", "r1", "Leave"));
    }

    [Fact]
    public void What_ECS_has_said_of_when_to_come_back_counts_whatever_others_have_found()
    {
        _clock.Advance(TimeSpan.FromSeconds(20));
        Refuse(TimeSpan.FromSeconds(30));
        _clock.Advance(TimeSpan.FromSeconds(5));

        Find(_clock.GetUtcNow().AddSeconds(-2), version: 9);

        Assert.Null(Enter("a", "r1", "Leave"));
        _clock.Advance(TimeSpan.FromSeconds(24));
        Assert.Null(Enter("a", "r1", "Leave"));
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(Enter("a", "r1", "Leave"));
    }

    private void Hear(WindowStart start, bool isRefused, DateTimeOffset? closedUntil = null) =>
        _limiters[new("a", "r1", "Leave")].Hear([SomeLimiters.Refused("two", start, _clock.GetUtcNow(), isRefused, closedUntil)], QuotaEstimate.Nothing with { Start = start });

    private void Find(DateTimeOffset start, int version = 5) => _limiters[new("a", "r1", "Leave")].Hear(
        [], QuotaEstimate.Nothing with { Start = new(start, TimeSpan.FromSeconds(0.3), StartBasis.Found, "two", version) });

    private void Refuse(TimeSpan? hint)
    {
        using var permit = Enter("a", "r1", "Leave")!;
        permit.Sending();
        permit.Throttled(hint, "throttled");
    }

    private QuotaPermit? Enter(string account, string region, string action) => _limiters.TryTake(new(account, region, action), out _);
}
