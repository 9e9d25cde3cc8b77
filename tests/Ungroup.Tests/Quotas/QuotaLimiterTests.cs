using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

/// <summary>Permits of one instance: who gets one, how it ends, and what is made of refusals.</summary>
public sealed class QuotaLimiterTests
{
    private static readonly QuotaKey Leave = SomeQuota.Key;
    private static readonly PacedCall Call = new(Leave.Account, Leave.RegionId, Leave.Action);

    // Five seconds into a minute.
    private readonly FakeTimeProvider _clock = new(Some.Now);

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public void A_permit_ends_once_however_often_it_is_disposed()
    {
        var limiters = SomeLimiters.Told(_clock, 600);
        var permit = limiters.TryTake(Call, out _)!;
        var room = limiters[Leave].Budget(TimeSpan.Zero, withIncidents: false, isOnly: true).All;

        permit.Dispose();
        permit.Dispose();
        Assert.Throws<InvalidOperationException>(() => permit.Throttled(null, "late"));

        Assert.Equal(room, limiters[Leave].Budget(TimeSpan.Zero, withIncidents: false, isOnly: true).All);
        Assert.Equal(0, limiters[Leave].Look().Counts.Refused);
    }

    [Fact]
    public void A_permit_that_was_not_used_for_a_call_is_there_for_the_next() =>
        Gen.Int[1, 50].Sample(times =>
        {
            var limiters = SomeLimiters.Told(new FakeTimeProvider(Some.Now), 600);
            for (var time = 0; time < times; time++)
            {
                using var permit = limiters.TryTake(Call, out _);
                Assert.NotNull(permit);
            }
        });

    [Fact]
    public void Clean_ups_yield_while_others_wait()
    {
        var limiters = SomeLimiters.Told(_clock, 600);
        TakeAll(limiters);

        Assert.Null(limiters.TryTake(Call with { Origin = Origin.Cleanup }, out var wait));
        Assert.Equal(Some.Now.AddSeconds(5), wait!.Until);
        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.True(limiters.TryCall(Leave, Origin.Cleanup));
    }

    [Fact]
    public void Incidents_use_the_reserve_at_once_and_ordinary_calls_pause_until_that_is_made_up_for()
    {
        var limiters = SomeLimiters.New(_clock);
        limiters[Leave].Know(calls: 600);
        _clock.Advance(TimeSpan.FromSeconds(30));
        TakeAll(limiters);

        var incidents = Enumerable.Range(0, 1_000).Count(_ => limiters.TryCall(Leave, Origin.Incident));

        Assert.InRange(incidents, 150, 582);
        Assert.False(limiters.TryCall(Leave));
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.True(limiters.TryCall(Leave));
    }

    [Fact]
    public void A_call_that_hangs_keeps_nobody_waiting_for_more_than_three_seconds()
    {
        var limiters = SomeLimiters.New(_clock);
        Assert.NotNull(limiters.Refuse(Leave));
        _clock.Advance(QuotaEstimator.SeekStep);
        var hangs = limiters.TryTake(Call, out _);
        Assert.NotNull(hangs);
        hangs.Sending();

        Assert.False(limiters.TryCall(Leave));
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True(limiters.TryCall(Leave));
    }

    [Fact]
    public void A_refusal_below_what_is_known_is_somebody_elses_doing_and_calls_refused_together_are_one()
    {
        var limiters = SomeLimiters.Told(_clock, 600);
        limiters[Leave].Hear([], QuotaEstimate.Nothing with { Start = SomeQuota.Found });
        _clock.Advance(TimeSpan.FromSeconds(10));
        var (one, two) = (limiters.TryTake(Call, out _)!, limiters.TryTake(Call, out _)!);
        one.Sending();
        two.Sending();

        Assert.True(one.Throttled(null, "Throttling.User").ByOthers);
        Assert.False(two.Throttled(null, "Throttling.User").ByOthers);
        Assert.Equal((2, 1), limiters[Leave].Look().Counts);
        Assert.Equal(QuotaState.Closed, limiters[Leave].Look().State);
    }

    [Fact]
    public void A_hint_is_waited_for_whatever_is_known()
    {
        var limiters = SomeLimiters.Told(_clock, 600);

        Assert.InRange(limiters.Refuse(Leave, TimeSpan.FromMinutes(5))!.Value.Closed.Until, Now.AddMinutes(5), Now.AddMinutes(5.1));
        _clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.False(limiters.TryCall(Leave, Origin.Incident));
    }

    [Fact]
    public void A_limit_that_rises_in_the_middle_of_a_window_lets_nothing_go_in_a_burst()
    {
        var limiters = SomeLimiters.New(_clock);
        limiters[Leave].Know(calls: 600);
        _clock.Advance(TimeSpan.FromSeconds(30));
        TakeAll(limiters);

        limiters[Leave].Hear([], new(new(6_000, LimitBasis.Measured, 8, default), SomeQuota.Found));

        Assert.InRange(Enumerable.Range(0, 1_000).Count(_ => limiters.TryCall(Leave)), 0, 1);
    }

    [Fact]
    public void What_is_not_called_in_a_pause_is_not_made_up_for_at_its_end()
    {
        var limiters = SomeLimiters.New(_clock);
        limiters[Leave].Know(calls: 600);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.NotNull(limiters.Refuse(Leave, TimeSpan.FromSeconds(0.5)));

        _clock.Advance(TimeSpan.FromSeconds(2.2));

        Assert.InRange(Enumerable.Range(0, 100).Count(_ => limiters.TryCall(Leave)), 1, 3);
    }

    [Fact]
    public void There_is_room_for_what_is_allowed_within_the_hold_and_none_while_nothing_is()
    {
        var limiters = SomeLimiters.Told(_clock, 600);
        _clock.Advance(TimeSpan.FromSeconds(10));
        TakeAll(limiters);

        Assert.InRange(limiters[Leave].Budget(TimeSpan.FromSeconds(5), withIncidents: false, isOnly: true).All, 40, 46);
        Assert.InRange(limiters[Leave].Budget(TimeSpan.FromSeconds(5), withIncidents: true, isOnly: true).Incidents, 400, 560);

        _clock.Advance(TimeSpan.FromSeconds(1));
        limiters.Refuse(Leave, TimeSpan.FromSeconds(30));
        Assert.Equal(0, limiters[Leave].Budget(TimeSpan.FromSeconds(5), withIncidents: true, isOnly: true).All);
    }

    private void TakeAll(QuotaLimiters limiters)
    {
        while (limiters.TryCall(Leave))
        {
        }
    }
}
