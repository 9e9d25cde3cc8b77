using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Pace;

namespace Ungroup.Tests.Pace;

public sealed class QuotaClosureTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly QuotaRegistry _registry;
    private readonly QuotaClosure _quota;

    public QuotaClosureTests()
    {
        _registry = new(new(Options.Create(new PaceOptions()), () => 0.5), _clock, NullLogger<QuotaRegistry>.Instance);
        _quota = new(new("default", "cn-hangzhou", "LeaveSecurityGroup"), _clock);
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public void A_quota_that_can_be_used_lets_everyone_through()
    {
        Assert.NotNull(Enter(out _));
        Assert.NotNull(Enter(out _));
        Assert.Null(_quota.Closed);
    }

    [Fact]
    public void One_that_is_used_up_says_until_when_and_why()
    {
        Close(TimeSpan.FromSeconds(10));

        Assert.Null(Enter(out var wait));
        Assert.Equal(new QuotaWait(_quota.Key, Now + TimeSpan.FromSeconds(10), "because"), wait);
    }

    [Fact]
    public void When_the_time_has_come_one_probe_passes_and_the_others_wait()
    {
        Close(TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.NotNull(Enter(out _));
        Assert.Null(Enter(out var wait));
        Assert.True(wait!.Until > Now);
    }

    [Fact]
    public void A_probe_that_works_opens_it()
    {
        Assert.True(_quota.Open(Probe()));
        Assert.NotNull(Enter(out _));
        Assert.Null(_quota.Closed);
    }

    [Fact]
    public void A_probe_that_learned_nothing_leaves_its_place_to_the_next()
    {
        _quota.Leave(Probe());

        Assert.NotNull(Enter(out _));
        Assert.NotNull(_quota.Closed);
    }

    [Fact]
    public void Calls_refused_together_are_one_closing_that_ends_with_the_last()
    {
        var (one, other) = (Enter(out _)!, Enter(out _)!);

        _quota.Close(one, Now + TimeSpan.FromSeconds(30), "first");
        _quota.Close(other, Now + TimeSpan.FromSeconds(40), "second");

        Assert.Equal(Now + TimeSpan.FromSeconds(40), _quota.Closed!.Until);
    }

    [Fact]
    public void A_refusal_never_brings_the_opening_nearer()
    {
        var (one, other) = (Enter(out _)!, Enter(out _)!);

        _quota.Close(one, Now + TimeSpan.FromSeconds(30), "first");
        _quota.Close(other, Now + TimeSpan.FromSeconds(1), "second");

        Assert.Equal(Now + TimeSpan.FromSeconds(30), _quota.Closed!.Until);
    }

    [Fact]
    public void A_call_that_was_under_way_when_it_closed_does_not_open_it()
    {
        var underWay = Enter(out _)!;
        Close(TimeSpan.FromSeconds(10));

        Assert.False(_quota.Open(underWay));
        Assert.NotNull(_quota.Closed);
    }

    [Fact]
    public void A_probe_of_yesterday_does_not_open_what_was_closed_since()
    {
        var late = Probe();
        _quota.Leave(late);
        _quota.Close(Enter(out _)!, Now + TimeSpan.FromSeconds(10), "again");

        Assert.False(_quota.Open(late));
    }

    [Fact]
    public void What_another_instance_has_found_closes_it_too_and_never_brings_its_opening_nearer()
    {
        Assert.True(_quota.CloseFromOutside(Now + TimeSpan.FromSeconds(10), "elsewhere"));
        Assert.False(_quota.CloseFromOutside(Now + TimeSpan.FromSeconds(5), "earlier"));
        Assert.False(_quota.CloseFromOutside(Now, "over"));
        Assert.Equal("elsewhere", _quota.Closed!.Reason);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.True(_quota.Open(Enter(out _)!));
    }

    [Fact]
    public void A_probe_that_was_sent_before_another_instance_has_closed_it_does_not_open_it()
    {
        var probe = Probe();

        Assert.True(_quota.CloseFromOutside(Now + TimeSpan.FromMinutes(10), "elsewhere"));

        Assert.False(_quota.Open(probe));
        Assert.Equal(Now + TimeSpan.FromMinutes(10), _quota.Closed!.Until);
    }

    [Fact]
    public void Of_many_that_come_at_once_one_is_the_probe()
    {
        Close(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));

        var permits = new QuotaPermit?[64];
        Parallel.For(0, permits.Length, index => permits[index] = Enter(out _));

        Assert.Single(permits, permit => permit is not null);
    }

    [Fact]
    public void A_probe_that_is_late_does_not_keep_everybody_waiting_and_may_still_open_it()
    {
        var late = Probe();
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Null(Enter(out _));
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.NotNull(Enter(out _));
        Assert.Null(Enter(out _));
        Assert.True(_quota.Open(late));
        Assert.Null(_quota.Closed);
    }

    private void Close(TimeSpan wait) => _quota.Close(Enter(out _)!, Now + wait, "because");

    private QuotaPermit Probe()
    {
        Close(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        return Enter(out _)!;
    }

    private QuotaPermit? Enter(out QuotaWait? wait)
    {
        var permit = new QuotaPermit(_registry, _quota);
        wait = _quota.Enter(permit);
        return wait is null ? permit : null;
    }
}
