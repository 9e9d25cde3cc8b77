using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas.Fleet;

/// <summary>Instances write heartbeats, and make something of those of others.</summary>
public sealed class FleetMembershipTests
{
    private static readonly QuotaKey Leave = SomeQuota.Key;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;

    public FleetMembershipTests() => _store = new(new MemoryLedgerStore(_clock));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_that_takes_the_place_of_one_that_is_gone_shares_with_nobody_and_knows_what_it_had_learned()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        one.Limiters[Leave].Know(calls: 900);
        await RunAsync(TimeSpan.FromSeconds(10), one);
        _store.Gone = "one";

        await RunAsync(TimeSpan.FromSeconds(0.2), two);

        Assert.Equal((1, 1, 900), (two.Membership.Size, Sharing(two), two.Limiters[Leave].Look().Estimate.Limit.Calls));
        Assert.Equal(900, Assert.Single(Note(await NotesAsync()).Quotas).Estimate.Limit.Calls);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(600)]
    public async Task An_instance_that_was_there_before_the_store_was_away_is_there_when_it_is_back_and_gone_if_it_does_not_write_then(int seconds)
    {
        var (one, two, three) = (NewInstance("one"), NewInstance("two"), NewInstance("three"));
        await RunAsync(Minute, one, two, three);
        _store.NotesAreAway = true;
        await RunAsync(TimeSpan.FromSeconds(seconds), one, two);
        Assert.Equal(3, Sharing(one));
        _store.NotesAreAway = false;

        for (var end = _clock.GetUtcNow() + TimeSpan.FromSeconds(50); _clock.GetUtcNow() < end;)
        {
            await RunAsync(TimeSpan.FromSeconds(0.2), one, two);
            Assert.Equal(3, Sharing(one));
        }

        await RunAsync(2 * Minute, one, two);
        Assert.Equal((2, 2), (one.Membership.Size, Sharing(one)));
    }

    [Fact]
    public async Task One_that_was_gone_before_the_store_was_away_is_gone_when_it_is_back()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        await RunAsync(Minute, one, two);
        await RunAsync(2 * Minute, one);
        _store.NotesAreAway = true;
        await RunAsync(2 * Minute, one);
        _store.NotesAreAway = false;

        await RunAsync(TimeSpan.FromSeconds(20), one);

        Assert.Equal((1, 1), (one.Membership.Size, Sharing(one)));
    }

    [Fact]
    public async Task A_store_that_fails_now_and_then_does_not_keep_the_dead_alive()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        for (var minute = 0; minute < 12; minute++)
        {
            (FleetMembership, QuotaLimiters)[] alive = minute < 10 ? [one, two] : [one];
            await RunAsync(TimeSpan.FromSeconds(50), alive);
            _store.NotesAreAway = true;
            await RunAsync(TimeSpan.FromSeconds(10), alive);
            _store.NotesAreAway = false;
        }

        Assert.Equal(1, one.Membership.Size);
    }

    [Fact]
    public async Task What_is_learned_while_the_note_is_written_is_told_with_the_next()
    {
        var one = NewInstance("one");
        await RunAsync(TimeSpan.FromSeconds(0.2), one);
        FindStart(one.Limiters);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _store.WhileWritingNotes = () => FindStart(one.Limiters);
        await RunAsync(TimeSpan.FromSeconds(4), one);
        var found = one.Limiters[Leave].Look().Estimate;
        _store.WhileWritingNotes = () => { };
        Assert.True(one.Limiters[Leave].HasNews);

        await RunAsync(TimeSpan.FromSeconds(4), one);

        Assert.Equal(found, Assert.Single(Note(await NotesAsync()).Quotas).Estimate);
        Assert.False(one.Limiters[Leave].HasNews);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_could_not_be_written_is_still_to_be_told(bool isAway)
    {
        var one = NewInstance("one");
        FindStart(one.Limiters);
        _store.NotesAreContended = !isAway;
        _store.WhileWritingNotes = () => _ = isAway ? throw new LedgerUnavailableException("The store is away.") : 0;
        await RunAsync(TimeSpan.FromSeconds(4), one);

        Assert.Empty(await NotesAsync());
        Assert.True(one.Limiters[Leave].HasNews);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_heard_is_no_news_and_takes_nothing_from_what_is(bool hasNews)
    {
        var limiters = NewInstance("one").Limiters;
        if (hasNews)
        {
            FindStart(limiters);
        }

        limiters[Leave].Know(calls: 600);

        Assert.Equal(hasNews, limiters[Leave].HasNews);
    }

    [Fact]
    public async Task An_instance_that_uses_more_quotas_than_its_heartbeat_can_name_shares_the_others_too()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        for (var second = 0; second < 30; second++)
        {
            for (var region = 0; region < 70; region++)
            {
                one.Limiters.TryCall(Leave with { RegionId = $"cn-{region}" });
                two.Limiters.TryCall(Leave with { RegionId = $"cn-{region}" });
            }

            await one.Membership.RunDueAsync(Stop);
            await two.Membership.RunDueAsync(Stop);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(one.Limiters.All, limiter => Assert.Equal(2, SharingOf(limiter)));
    }

    [Fact]
    public void What_is_written_is_read_by_the_stores_clock()
    {
        var ahead = TimeSpan.FromSeconds(90);
        var window = new WindowTally(SomeQuota.Start, 0, 0, 480, Hit: true, IsWhole: true);
        var report = new QuotaReport(Leave, Wants: true, SomeQuota.Start, new(SomeQuota.Measured(600), SomeQuota.Found), window, window, SomeQuota.Start);

        var text = Heartbeat.Of("one", [report], hasLeft: false).Shift(ahead).ToText();

        Assert.Equal(report, Assert.Single(Heartbeat.Parse(text)!.Shift(-ahead).Quotas));
        Assert.Equal(SomeQuota.Start + ahead, Assert.Single(Heartbeat.Parse(text)!.Quotas).Since);
    }

    [Fact]
    public void As_many_quotas_as_a_heartbeat_names_fit_into_a_note()
    {
        var odd = TimeSpan.FromTicks(1_234_567);
        var window = new WindowTally(SomeQuota.Start + odd, 99_999, 99_999, 99_999, Hit: false, IsWhole: false);
        var start = SomeQuota.Found.Found(SomeQuota.Start + odd, odd, new('i', 64));
        var reports = Enumerable.Range(0, 100).Select(region => new QuotaReport(
            new(new('a', 64), $"cn-a-longer-region-{region}", "DescribeNetworkInterfaces"), Wants: false, SomeQuota.Start + odd,
            new(new(99_999, LimitBasis.Measured, 99_999, SomeQuota.Start + odd), start), window, window, SomeQuota.Start + odd));

        Assert.InRange(Heartbeat.Of(new('i', 64), [.. reports], hasLeft: false).ToText().Length, 25_000, 32_000);
    }

    [Theory]
    [InlineData("""{"by":"old","lines":[{"account":"default","region":"cn-hangzhou","api":"LeaveSecurityGroup","wants":true,"perMinute":900}],"isCut":false}""")]
    [InlineData("""{"by":"old","version":4,"quotas":"something else"}""")]
    public async Task An_instance_of_another_version_has_its_share_and_is_believed_in_nothing_else(string text)
    {
        await _store.WriteNoteAsync(expected: null, FleetMembership.Prefix + "0007", text, Stop);
        var one = NewInstance("one");

        await RunAsync(TimeSpan.FromSeconds(5), one);

        Assert.Equal((2, 2), (one.Membership.Size, Sharing(one)));
        Assert.Equal(QuotaEstimate.Nothing, one.Limiters[Leave].Look().Estimate);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"by":null,"version":2,"quotas":[null]}""")]
    public async Task A_note_that_says_nothing_counts_for_nothing(string text)
    {
        await _store.WriteNoteAsync(expected: null, FleetMembership.Prefix + "0000", text, Stop);
        var one = NewInstance("one");

        await RunAsync(TimeSpan.FromSeconds(5), one);

        Assert.Equal((1, 1), (one.Membership.Size, Sharing(one)));
    }

    private void FindStart(QuotaLimiters limiters)
    {
        limiters.Refuse(Leave, TimeSpan.FromSeconds(20 + (_clock.GetUtcNow().Second % 30)));
        _clock.Advance(TimeSpan.FromSeconds(60));
    }

    private static Heartbeat Note(IReadOnlyList<SharedNote> notes) => Heartbeat.Parse(Assert.Single(notes).Text)!;

    private static int Sharing((FleetMembership Membership, QuotaLimiters Limiters) instance) => SharingOf(instance.Limiters[Leave]);

    /// <summary>Among how many the quota is divided, by what one of them may use of it.</summary>
    private static int SharingOf(QuotaLimiter limiter) =>
        (int)Math.Round(limiter.Look().Estimate.Limit.Usable * 0.8 / 60 / limiter.Look().PerSecond);

    private (FleetMembership Membership, QuotaLimiters Limiters) NewInstance(string name)
    {
        var limiters = SomeLimiters.New(_clock, name: name);
        return (new(limiters, _store, new(name), () => 0.5, NullLogger<FleetMembership>.Instance), limiters);
    }

    /// <summary>All of them have work, for as many quotas as they were given.</summary>
    private async Task RunAsync(TimeSpan time, params (FleetMembership Membership, QuotaLimiters Limiters)[] instances)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end; _clock.Advance(TimeSpan.FromSeconds(0.2)))
        {
            foreach (var (membership, limiters) in instances)
            {
                limiters.TryCall(Leave);
                await membership.RunDueAsync(Stop);
            }
        }
    }

    private Task<IReadOnlyList<SharedNote>> NotesAsync() => _store.ReadNotesAsync(FleetMembership.Prefix, Stop);
}
