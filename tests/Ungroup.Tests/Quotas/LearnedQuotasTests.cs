using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Quotas.Fleet;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

public sealed class LearnedQuotasTests
{
    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly MemoryLedgerStore _store;

    public LearnedQuotasTests() => _store = new(_clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_nobody_has_said_anything_there_is_nothing() => Assert.Empty(await LearnedQuotas.DescribeAsync(_store, 0.2, Stop));

    [Fact]
    public async Task The_latest_that_was_learned_counts_and_says_how_long_a_backlog_takes()
    {
        await SayAsync("pace:0000", "one", new(900, LimitBasis.AtLeast, 4, default));
        await SayAsync("pace:0001", "two", new(1_000, LimitBasis.Measured, 5, default));

        Assert.Equal(
            ["default/cn-hangzhou/LeaveSecurityGroup: 1,000 calls a minute (measured), of which 20 % are left "
                + "to others; used by 2 instances. 1,000 removals take about 1 min 15 s, a backlog of 10,000 about 12 min 30 s."],
            await LearnedQuotas.DescribeAsync(_store, 0.2, Stop));
    }

    [Fact]
    public async Task What_an_instance_learned_outlives_it_but_it_is_no_longer_counted()
    {
        await SayAsync("pace:0000", "one", new(240, LimitBasis.AtLeast, 1, default));
        _clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(
            "default/cn-hangzhou/LeaveSecurityGroup: at least 240 calls a minute (so many have passed and none was refused), of which 20 % are left to "
            + "others; used by nobody now. 1,000 removals take about 5 min 13 s, a backlog of 10,000 about 52 min 5 s.",
            Assert.Single(await LearnedQuotas.DescribeAsync(_store, 0.2, Stop)));
    }

    [Fact]
    public async Task A_quota_of_which_nothing_is_known_is_named_and_nothing_is_foretold()
    {
        await SayAsync("pace:0000", "one", QuotaLimit.Unknown);

        Assert.Equal(
            "default/cn-hangzhou/LeaveSecurityGroup: nothing is known of it yet; used by 1 instance.",
            Assert.Single(await LearnedQuotas.DescribeAsync(_store, 0.2, Stop)));
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_said_to_be_closed_until_it_opens_once_and_by_whom()
    {
        await SayAsync("pace:0000", "one", SomeQuota.Measured(600), Some.Now.AddSeconds(20));
        await SayAsync("pace:0001", "two", SomeQuota.Measured(600), Some.Now.AddSeconds(40));

        Assert.Equal(
            ["default/cn-hangzhou/LeaveSecurityGroup is closed until 2026-01-02T03:04:45Z by two: ECS has refused it, because its quota is used up."],
            await LearnedQuotas.DescribeClosedAsync(_store, Stop));
        _clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Empty(await LearnedQuotas.DescribeClosedAsync(_store, Stop));
    }

    [Fact]
    public async Task What_another_version_has_written_is_passed_over()
    {
        await _store.WriteNoteAsync(expected: null, "pace:0000", "no JSON", Stop);

        Assert.Empty(await LearnedQuotas.DescribeAsync(_store, 0.2, Stop));
    }

    private Task<SharedNote?> SayAsync(string name, string owner, QuotaLimit limit, DateTimeOffset? closedUntil = null)
    {
        var window = WindowTally.Of(Some.Now, isWhole: true);
        var report = new QuotaReport(Leave, Wants: true, Some.Now, new(limit, SomeQuota.Found), window, window, closedUntil);
        return _store.WriteNoteAsync(expected: null, name, Heartbeat.Of(owner, [report], hasLeft: false).ToText(), Stop);
    }
}
