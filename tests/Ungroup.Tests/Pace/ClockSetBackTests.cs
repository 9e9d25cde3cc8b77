using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>The clock of a machine is set back while an instance runs.</summary>
public sealed class ClockSetBackTests
{
    private static readonly PacedCall Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset FirstTurn = Some.Now.AddSeconds(55);

    private readonly FakeTimeProvider _right = new(Some.Now);
    private readonly ShiftedClock _clock;
    private readonly Governors _governors = new(Options.Create(new PaceOptions()), () => 0.5);

    public ClockSetBackTests() => _clock = new(_right);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(-3_600)]
    [InlineData(-45)]
    public async Task An_instance_goes_on_writing_its_note(int seconds)
    {
        var store = new MemoryLedgerStore(_right);
        var fleet = new Fleet(_governors, store, new("one"), () => 0.5, _clock, NullLogger<Fleet>.Instance);
        await RunAsync(fleet, Minute);
        _clock.Ahead = TimeSpan.FromSeconds(seconds);

        await RunAsync(fleet, TimeSpan.FromSeconds(20));

        Assert.InRange(Assert.Single(await store.ReadNotesAsync(Fleet.Prefix, Stop)).Age, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void Who_has_no_work_claims_its_part_no_longer_than_before()
    {
        var governor = AnsweredCalls.NewGovernor();
        governor.TryTake(Origin.Upstream, Some.Now, out _);
        governor.Left();
        var back = Some.Now.AddHours(-1);

        Assert.True(governor.Report(back)!.Wants);
        Assert.False(governor.Report(back + Minute)!.Wants);
        Assert.Null(governor.Report(back + (5 * Minute)));
    }

    [Theory]
    [InlineData(-55)]
    [InlineData(-70)]
    [InlineData(-110)]
    public void A_minute_or_two_silence_nobody(int seconds)
    {
        var governor = AnsweredCalls.NewGovernor();
        governor.Hear(FleetView.Alone, new(6_000, QuotaBasis.Measured, QuotaShape.Window, 1), null, Some.Now);
        var now = FirstTurn.AddSeconds(50);
        governor.TryTake(Origin.Upstream, now, out _);
        governor.Pass(now, 1);

        var calls = Enumerable.Range(0, 1_500).Count(step => governor.TryTake(Origin.Upstream, now.AddSeconds(seconds + (step * 0.01)), out _));

        Assert.InRange(calls, 500, 1_500);
    }

    [Fact]
    public void What_comes_a_moment_late_to_a_minute_that_has_turned_sets_nothing_back()
    {
        var governor = AnsweredCalls.NewGovernor();
        governor.Hear(FleetView.Alone, null, new(Some.Now, TimeSpan.FromSeconds(1)), Some.Now);
        governor.TryTake(Origin.Upstream, Some.Now + Minute, out _);

        governor.TryTake(Origin.Upstream, (Some.Now + Minute).AddSeconds(-0.5), out _);

        Assert.True(governor.Report(Some.Now + Minute)!.Turn.WasFound);
    }

    [Theory]
    [InlineData(Origin.Upstream)]
    [InlineData(Origin.Incident)]
    public void A_quota_is_closed_for_no_longer_than_it_was_closed_for(Origin origin)
    {
        var quotas = new QuotaRegistry(_governors, _clock, NullLogger<QuotaRegistry>.Instance);
        Refuse(quotas);
        _clock.Ahead = TimeSpan.FromHours(-1);
        Assert.Null(quotas.TryTake(Leave with { Origin = origin }, out var wait));

        _right.Advance(wait!.Until - _clock.GetUtcNow());

        Assert.InRange(_right.GetUtcNow() - Some.Now, TimeSpan.Zero, Minute);
        Assert.NotNull(quotas.TryTake(Leave with { Origin = origin }, out _));
    }

    [Fact]
    public async Task A_quota_does_not_stay_closed_to_the_others_either()
    {
        var store = new MemoryLedgerStore(_right);
        var quotas = new QuotaRegistry(_governors, _clock, NullLogger<QuotaRegistry>.Instance);
        var others = new QuotaRegistry(new(Options.Create(new PaceOptions()), () => 0.5), _right, NullLogger<QuotaRegistry>.Instance);
        Refuse(quotas);
        _clock.Ahead = TimeSpan.FromHours(-1);
        await new CircuitNote([quotas], store, new("one"), _clock).ExchangeAsync(Stop);
        await new CircuitNote([others], store, new("two"), _right).ExchangeAsync(Stop);
        Assert.Null(others.TryTake(Leave, out _));

        _right.Advance(Minute);

        Assert.NotNull(others.TryTake(Leave, out _));
    }

    private static void Refuse(QuotaRegistry quotas)
    {
        using var permit = quotas.TryTake(Leave, out _)!;
        permit.Sending();
        permit.Throttled(null, TimeSpan.Zero, "Throttling.User");
    }

    private async Task RunAsync(Fleet fleet, TimeSpan time)
    {
        var governor = _governors[PaceWorld.Key];
        for (var end = _right.GetUtcNow() + time; _right.GetUtcNow() < end; _right.Advance(TimeSpan.FromSeconds(0.25)))
        {
            governor.TryCall(_clock.GetUtcNow());
            await fleet.RunDueAsync(Stop);
        }
    }
}
