using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Quotas.Windows;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

/// <summary>The clock of a machine is set while an instance runs.</summary>
public sealed class ClockSetTests
{
    private static readonly QuotaKey Leave = SomeQuota.Key;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _right = new(Some.Now);
    private readonly ShiftedClock _clock;
    private readonly QuotaLimiters _limiters;

    public ClockSetTests()
    {
        _clock = new(_right);
        _limiters = SomeLimiters.New(_clock);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-3_600)]
    [InlineData(-45)]
    public async Task An_instance_goes_on_writing_its_heartbeat(int seconds)
    {
        var store = new MemoryLedgerStore(_right);
        var membership = new FleetMembership(_limiters, store, new("one"), () => 0.5, NullLogger<FleetMembership>.Instance);
        await RunAsync(membership, Minute);
        _clock.Ahead = TimeSpan.FromSeconds(seconds);

        await RunAsync(membership, TimeSpan.FromSeconds(20));

        Assert.InRange(Assert.Single(await store.ReadNotesAsync(FleetMembership.Prefix, Stop)).Age, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void An_instance_without_work_claims_its_share_no_longer_than_before()
    {
        Assert.True(_limiters.TryCall(Leave));
        _clock.Ahead = TimeSpan.FromHours(-1);

        Assert.True(_limiters[Leave].Report()!.Wants);
        _right.Advance(1.1 * Minute);
        Assert.False(_limiters[Leave].Report()!.Wants);
        _right.Advance(5 * Minute);
        Assert.Null(_limiters[Leave].Report());
    }

    [Theory]
    [InlineData(-55)]
    [InlineData(-70)]
    [InlineData(-3_600)]
    [InlineData(3_600)]
    [InlineData(31)]
    public void A_clock_that_is_set_silences_nobody_and_lets_nobody_burst(int seconds)
    {
        _limiters[Leave].Know(calls: 6_000);
        _right.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_limiters.TryCall(Leave));
        _clock.Ahead = TimeSpan.FromSeconds(seconds);

        var calls = 0;
        for (var step = 0; step < 1_500; step++, _right.Advance(TimeSpan.FromSeconds(0.01)))
        {
            calls += _limiters.TryCall(Leave) ? 1 : 0;
        }

        Assert.InRange(calls, 500, 1_500);
    }

    [Fact]
    public void What_is_known_of_the_start_of_windows_stays_true()
    {
        _limiters[Leave].Know(calls: 600);
        _limiters.TryCall(Leave);
        _clock.Ahead = TimeSpan.FromSeconds(-95);

        var look = _limiters[Leave].Look();

        Assert.Equal(SomeQuota.Found.Latest, look.Estimate.Start.Latest);
        Assert.Equal(_clock.GetUtcNow() - _limiters.Clock.ToMachine(look.Window), _right.GetUtcNow() - look.Window);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void A_quota_that_is_used_up_is_not_opened_by_a_clock_that_is_set(int hours)
    {
        _limiters[Leave].Know(calls: 600);
        _right.Advance(TimeSpan.FromSeconds(20));
        var (closed, _) = _limiters.Refuse(Leave)!.Value;
        _clock.Ahead = TimeSpan.FromHours(hours);

        Assert.Null(_limiters.TryTake(new(Leave.Account, Leave.RegionId, Leave.Action), out var wait));
        Assert.InRange(wait!.Until - _clock.GetUtcNow(), TimeSpan.FromSeconds(30), closed.Until - _right.GetUtcNow());
    }

    [Theory]
    [InlineData(nameof(Origin.Upstream))]
    [InlineData(nameof(Origin.Incident))]
    public void A_quota_is_closed_for_no_longer_than_it_was_closed_for(string origin)
    {
        _limiters[Leave].Know(calls: 600);
        _right.Advance(TimeSpan.FromSeconds(20));
        Assert.NotNull(_limiters.Refuse(Leave));
        _clock.Ahead = TimeSpan.FromHours(-1);
        var call = new PacedCall(Leave.Account, Leave.RegionId, Leave.Action, Enum.Parse<Origin>(origin));
        Assert.Null(_limiters.TryTake(call, out var wait));

        _right.Advance(wait!.Until - _clock.GetUtcNow());

        Assert.InRange(_right.GetUtcNow() - Some.Now, TimeSpan.Zero, 1.1 * Minute);
        Assert.NotNull(_limiters.TryTake(call with { Origin = Origin.Incident }, out _));
    }

    private async Task RunAsync(FleetMembership membership, TimeSpan time)
    {
        for (var end = _right.GetUtcNow() + time; _right.GetUtcNow() < end; _right.Advance(TimeSpan.FromSeconds(0.25)))
        {
            _limiters.TryCall(Leave);
            await membership.RunDueAsync(Stop);
        }
    }
}
