using Microsoft.Extensions.Time.Testing;
using Ungroup.Holds;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Holds;

public sealed class HoldWatchTests
{
    private static readonly HoldSubject Cleanup = new("default", Origin.Cleanup, ["sg-web"]);
    private static readonly HoldSubject Upstream = Cleanup with { Origin = Origin.Upstream };
    private static readonly Hold Everything = new() { Id = "h-1", By = "ops", Reason = "change freeze", Since = Some.Now };

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;
    private readonly HoldRows _rows;
    private readonly HoldWatch _watch;

    public HoldWatchTests()
    {
        _store = new(new MemoryLedgerStore(_clock));
        _rows = new(_store);
        _watch = new(_rows, _clock, () => 0.5);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_held_where_there_is_no_hold() => Assert.Null(await _watch.AskAsync(Cleanup, Stop));

    [Fact]
    public async Task However_often_it_is_asked_the_ledger_is_read_once_a_second()
    {
        for (var asked = 0; asked < 100; asked++)
        {
            await _watch.AskAsync(Cleanup, Stop);
            _clock.Advance(TimeSpan.FromMilliseconds(30));
        }

        Assert.Equal(3, _store.HoldsRead);
    }

    [Fact]
    public async Task A_hold_is_obeyed_within_two_seconds_and_so_is_its_end()
    {
        Assert.Null(await _watch.AskAsync(Upstream, Stop));
        await _rows.PutAsync(Everything, lasts: null, Stop);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("A hold on all requests by ops: change freeze", (await _watch.AskAsync(Upstream, Stop))!.Why);
        Assert.NotNull(await _rows.LiftAsync("h-1", Stop));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await _watch.AskAsync(Upstream, Stop));
    }

    [Fact]
    public async Task What_is_held_comes_back_within_four_minutes()
    {
        await _rows.PutAsync(Everything, lasts: null, Stop);

        Assert.Equal(TimeSpan.FromMinutes(3), (await _watch.AskAsync(Upstream, Stop))!.Until - _clock.GetUtcNow());
        Assert.InRange(await LongestAsync(chance: 1), TimeSpan.FromMinutes(3.9), TimeSpan.FromMinutes(4));
        Assert.InRange(await LongestAsync(chance: 0), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2.1));

        async Task<TimeSpan> LongestAsync(double chance) =>
            (await new HoldWatch(_rows, _clock, () => chance).AskAsync(Upstream, Stop))!.Until - _clock.GetUtcNow();
    }

    [Fact]
    public async Task A_hold_with_an_end_is_over_then_without_being_read_again()
    {
        await _rows.PutAsync(Everything, TimeSpan.FromSeconds(30), Stop);
        Assert.Equal(TimeSpan.FromSeconds(37.5), (await _watch.AskAsync(Upstream, Stop))!.Until - _clock.GetUtcNow());

        _clock.Advance(TimeSpan.FromSeconds(29.9));
        Assert.NotNull(await _watch.AskAsync(Upstream, Stop));
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Null(await _watch.AskAsync(Upstream, Stop));
        Assert.Empty(await _rows.ReadAsync(Stop));
    }

    [Fact]
    public async Task While_the_ledger_cannot_be_read_clean_ups_wait_and_all_else_goes_on()
    {
        Assert.Null(await _watch.AskAsync(Cleanup, Stop));
        _store.NotesAreAway = true;

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(await _watch.AskAsync(Cleanup, Stop));
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.StartsWith("Whether there is a hold is not known", (await _watch.AskAsync(Cleanup, Stop))!.Why, StringComparison.Ordinal);
        Assert.Null(await _watch.AskAsync(Upstream, Stop));
        Assert.Null(await _watch.AskAsync(Upstream with { Origin = Origin.Incident }, Stop));
    }

    [Fact]
    public async Task A_hold_that_is_known_counts_on_while_the_ledger_cannot_be_read()
    {
        await _rows.PutAsync(Everything, lasts: null, Stop);
        Assert.NotNull(await _watch.AskAsync(Upstream, Stop));
        _store.NotesAreAway = true;
        _clock.Advance(TimeSpan.FromMinutes(10));

        Assert.NotNull(await _watch.AskAsync(Upstream, Stop));
    }

    [Fact]
    public async Task A_ledger_that_is_away_is_asked_once_a_second_too()
    {
        _store.NotesAreAway = true;
        for (var asked = 0; asked < 100; asked++)
        {
            await _watch.AskAsync(Upstream, Stop);
            _clock.Advance(TimeSpan.FromMilliseconds(30));
        }

        Assert.Equal(3, _store.HoldsRead);
    }

    [Fact]
    public async Task A_slow_ledger_holds_nobody_up_for_long()
    {
        var answer = new TaskCompletionSource();
        _store.BeforeNotes = () => answer.Task;
        var (asked, cleanup) = (_watch.AskAsync(Upstream, Stop).AsTask(), _watch.AskAsync(Cleanup, Stop).AsTask());
        Assert.False(asked.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await asked);
        Assert.NotNull(await cleanup);
        answer.SetResult();
    }

    [Fact]
    public async Task What_a_read_that_took_long_shows_is_too_old_for_a_clean_up()
    {
        var answer = new TaskCompletionSource();
        _store.BeforeNotes = () => answer.Task;
        await AwayAsync(_watch.AskAsync(Cleanup, Stop).AsTask());
        _clock.Advance(TimeSpan.FromSeconds(3));
        var asked = _watch.AskAsync(Cleanup, Stop).AsTask();
        _store.BeforeNotes = () => new TaskCompletionSource().Task;
        answer.SetResult();

        Assert.NotNull(await AwayAsync(asked));
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_a_hold_on_everything()
    {
        await _store.WriteNoteAsync(null, "hold:h-9", """{"by":"ops","reason":"later","origin":"policy"}""", Stop);

        Assert.NotNull(await _watch.AskAsync(Upstream, Stop));
        Assert.Equal("h-9", Assert.Single(await _rows.ReadAsync(Stop)).Id);
    }

    private async Task<Held?> AwayAsync(Task<Held?> asked)
    {
        while (!asked.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await asked;
    }
}
