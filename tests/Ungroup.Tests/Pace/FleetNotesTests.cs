using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Pace;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>What instances write into their notes, and what they make of those of others.</summary>
public sealed class FleetNotesTests
{
    private static readonly QuotaKey Leave = PaceWorld.Key;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;

    public FleetNotesTests() => _store = new(new MemoryLedgerStore(_clock));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_takes_the_place_of_one_that_is_known_to_be_gone_shares_with_nobody_and_knows_what_it_had_learned()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        one.Governors[Leave].Hear(FleetView.Alone, new(900, QuotaBasis.Measured, QuotaShape.Window, 7), null, _clock.GetUtcNow());
        await RunAsync(TimeSpan.FromSeconds(10), one);
        _store.Gone = "one";

        await RunAsync(TimeSpan.FromSeconds(0.2), two);

        var look = two.Governors[Leave].Look(_clock.GetUtcNow())!;
        Assert.Equal((1, 1, 900), (two.Fleet.Size, look.Sharing, look.Quota.PerMinute));
        Assert.Equal(900, Assert.Single(Note(await NotesAsync()).Lines).PerMinute);
    }

    [Theory]
    [InlineData(90)]
    [InlineData(600)]
    public async Task Whoever_was_there_before_the_store_was_away_is_there_when_it_is_back_and_gone_if_it_does_not_write_then(int seconds)
    {
        var (one, two, three) = (NewInstance("one"), NewInstance("two"), NewInstance("three"));
        await RunAsync(Minute, one, two, three);
        _store.NotesAreAway = true;
        await RunAsync(TimeSpan.FromSeconds(seconds), one, two);
        Assert.Equal(3, one.Governors[Leave].Look(_clock.GetUtcNow())!.Sharing);
        _store.NotesAreAway = false;

        for (var end = _clock.GetUtcNow() + TimeSpan.FromSeconds(50); _clock.GetUtcNow() < end;)
        {
            await RunAsync(TimeSpan.FromSeconds(0.2), one, two);
            Assert.Equal(3, one.Governors[Leave].Look(_clock.GetUtcNow())!.Sharing);
        }

        await RunAsync(2 * Minute, one, two);
        Assert.Equal((2, 2), (one.Fleet.Size, one.Governors[Leave].Look(_clock.GetUtcNow())!.Sharing));
    }

    [Fact]
    public async Task Who_was_gone_before_the_store_was_away_is_gone_when_it_is_back()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        await RunAsync(Minute, one, two);
        await RunAsync(2 * Minute, one);
        _store.NotesAreAway = true;
        await RunAsync(2 * Minute, one);
        _store.NotesAreAway = false;

        await RunAsync(TimeSpan.FromSeconds(20), one);

        Assert.Equal((1, 1), (one.Fleet.Size, one.Governors[Leave].Look(_clock.GetUtcNow())!.Sharing));
    }

    [Fact]
    public async Task A_store_that_fails_now_and_then_does_not_keep_the_dead_alive()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        for (var minute = 0; minute < 12; minute++)
        {
            (Fleet, Governors)[] alive = minute < 10 ? [one, two] : [one];
            await RunAsync(TimeSpan.FromSeconds(50), alive);
            _store.NotesAreAway = true;
            await RunAsync(TimeSpan.FromSeconds(10), alive);
            _store.NotesAreAway = false;
        }

        Assert.Equal(1, one.Fleet.Size);
    }

    [Fact]
    public async Task What_is_learned_while_the_note_is_written_is_told_with_the_next()
    {
        var one = NewInstance("one");
        await RunAsync(TimeSpan.FromSeconds(0.2), one);
        FindTurn(one.Governors);
        _clock.Advance(TimeSpan.FromSeconds(2));
        _store.WhileWritingNotes = () => FindTurn(one.Governors);
        await RunAsync(TimeSpan.FromSeconds(4), one);
        var found = one.Governors[Leave].Report(_clock.GetUtcNow())!.Turn;
        _store.WhileWritingNotes = () => { };
        Assert.True(one.Governors[Leave].HasNews);

        await RunAsync(TimeSpan.FromSeconds(4), one);

        Assert.Equal(found, Assert.Single(Note(await NotesAsync()).Lines).TurnOf(TimeSpan.Zero));
        Assert.False(one.Governors[Leave].HasNews);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_could_not_be_written_is_still_to_be_told(bool isAway)
    {
        var one = NewInstance("one");
        FindTurn(one.Governors);
        _store.NotesAreContended = !isAway;
        _store.WhileWritingNotes = () => _ = isAway ? throw new LedgerUnavailableException("The store is away.") : 0;
        await RunAsync(TimeSpan.FromSeconds(4), one);

        Assert.Empty(await NotesAsync());
        Assert.True(one.Governors[Leave].HasNews);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_heard_is_no_news_and_takes_nothing_from_what_is(bool hasNews)
    {
        var governors = NewInstance("one").Governors;
        if (hasNews)
        {
            FindTurn(governors);
        }

        governors[Leave].Hear(new(1, []), new(600, QuotaBasis.Measured, QuotaShape.Window, 7), null, _clock.GetUtcNow());

        Assert.Equal(hasNews, governors[Leave].HasNews);
    }

    [Fact]
    public async Task Who_uses_more_quotas_than_its_note_can_name_shares_the_others_too()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        for (var second = 0; second < 30; second++)
        {
            for (var region = 0; region < 70; region++)
            {
                Use(one.Governors[Leave with { RegionId = $"cn-{region}" }]);
                Use(two.Governors[Leave with { RegionId = $"cn-{region}" }]);
            }

            await one.Fleet.RunDueAsync(Stop);
            await two.Fleet.RunDueAsync(Stop);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.All(one.Governors.All, governor => Assert.Equal(2, governor.Look(_clock.GetUtcNow())!.Sharing));
    }

    [Fact]
    public void Who_may_not_use_a_quota_at_all_has_a_part_of_it_and_is_not_relied_on_to_look_for_its_edge()
    {
        var named = new FleetMember(2, Some.Now, Wants: true, Some.Now, 0, 0, TouchedBefore: false);
        var view = new FleetView(3, [FleetMember.WithoutLine(0), FleetMember.WithoutLine(1), named]);

        Assert.Equal((4, 2, 1), (view.Sharing, view.Looking, view.Rank));
    }

    [Fact]
    public async Task What_one_has_used_of_this_minute_is_used_also_once_it_is_gone()
    {
        var two = NewInstance("two");
        await RunAsync(TimeSpan.FromSeconds(0.2), two);
        var report = new PaceReport(
            Leave, Wants: true, Some.Now.AddSeconds(-5), 580, 0, TouchedBefore: false, new(600, QuotaBasis.Measured, QuotaShape.Window, 3), TurnOfMinute.OfTheClock);
        await _store.WriteNoteAsync(expected: null, Fleet.Prefix + "0001", FleetNote.Of("one", [report], _clock.GetUtcNow(), TimeSpan.Zero).ToText(), Stop);
        _store.Gone = "one";
        await RunAsync(TimeSpan.FromSeconds(3), two);

        two.Governors[Leave].RefuseOne(_clock.GetUtcNow());

        Assert.Equal((1, 0), (two.Governors[Leave].Look(_clock.GetUtcNow())!.Sharing, two.Governors[Leave].RefusedByOthers));
    }

    private void FindTurn(Governors governors) =>
        governors[Leave].Refused(_clock.GetUtcNow(), TimeSpan.FromSeconds(20 + _clock.GetUtcNow().Second), _clock.GetUtcNow());

    private static FleetNote Note(IReadOnlyList<SharedNote> notes) => FleetNote.Parse(Assert.Single(notes).Text)!;

    private (Fleet Fleet, Governors Governors) NewInstance(string name)
    {
        var governors = new Governors(Options.Create(new PaceOptions()), () => 0.5);
        return (new(governors, _store, new(name), () => 0.5, _clock, NullLogger<Fleet>.Instance), governors);
    }

    /// <summary>All of them have work, for as many quotas as they were given.</summary>
    private async Task RunAsync(TimeSpan time, params (Fleet Fleet, Governors Governors)[] instances)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end; _clock.Advance(TimeSpan.FromSeconds(0.2)))
        {
            foreach (var (fleet, governors) in instances)
            {
                Use(governors[Leave]);
                await fleet.RunDueAsync(Stop);
            }
        }
    }

    private void Use(Governor governor) => governor.TryCall(_clock.GetUtcNow());

    private Task<IReadOnlyList<SharedNote>> NotesAsync() => _store.ReadNotesAsync(Fleet.Prefix, Stop);
}
