using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class FirstLookTests
{
    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;
    private readonly CollectingLog<FirstLook> _log = new();

    public FirstLookTests() => _store = new(new MemoryLedgerStore(_clock));

    [Fact]
    public async Task A_process_that_starts_while_an_API_is_refused_does_not_ask_it()
    {
        await CloseAsync();
        await using var bench = new HandlerBench(_clock, _store);

        Assert.IsType<Settlement.Postpone>(await bench.BeginAlone(Some.Delivery()));

        Assert.Empty(bench.Ecs.Calls);
        Assert.Equal(Leave.ToString(), Assert.Single(bench.Quotas.Snapshot()).Name);
    }

    [Fact]
    public async Task Where_nobody_has_closed_anything_no_time_passes_and_nothing_is_written()
    {
        await using var bench = new HandlerBench(_clock, _store);
        bench.Ecs.OnLeave(Replies.Ok);

        Assert.IsType<Settlement.Complete>(await bench.BeginAlone(Some.Delivery()));

        Assert.Equal((Some.Now, 1, 0), (_clock.GetUtcNow(), _store.NotesRead, _store.NotesWritten));
    }

    [Fact]
    public async Task It_looks_while_the_first_request_is_claimed_and_calls_nothing_before_it_has_seen()
    {
        var seen = new TaskCompletionSource();
        _store.BeforeNotes = () => seen.Task;
        await using var bench = new HandlerBench(_clock, _store);
        bench.Ecs.OnLeave(Replies.Ok);

        var first = bench.BeginAlone(Some.Delivery());
        await HandlerBench.UntilAsync(() => IsClaimed("r-1"));
        Assert.Empty(bench.Ecs.Calls);

        seen.SetResult();
        Assert.IsType<Settlement.Complete>(await first);
        Assert.Equal(Some.Now, _clock.GetUtcNow());
    }

    [Fact]
    public async Task All_messages_of_a_process_look_once_and_none_where_the_sweep_has()
    {
        await using var bench = new HandlerBench(_clock, _store);
        bench.Ecs.OnLeave(Replies.Ok);
        var messages = Enumerable.Range(0, 8).Select(number => bench.BeginAlone(Some.Delivery(Body(number), $"m-{number}")));
        await bench.RunAsync(Task.WhenAll(messages));
        Assert.Equal(1, _store.NotesRead);

        await using var swept = new HandlerBench(_clock, _store);
        swept.Ecs.OnLeave(Replies.Ok);
        await swept.SweepAsync();
        var read = _store.NotesRead;
        await swept.HandleAsync(Body(9), "m-9");
        Assert.Equal(read, _store.NotesRead);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_keeps_the_first_ones_waiting_for_a_second_altogether_and_then_it_goes_on_alone_and_says_so_once()
    {
        _store.BeforeNotes = () => new TaskCompletionSource().Task;
        var look = Look();
        look.Begin();
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        var (one, other) = (look.EndAsync().AsTask(), look.EndAsync().AsTask());
        Assert.False(one.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await Task.WhenAll(one, other);

        await look.EndAsync();
        Assert.Contains("longer than 1 s", Assert.Single(_log.Lines), StringComparison.Ordinal);
        Assert.Equal(1, _store.NotesRead);
    }

    [Fact]
    public async Task A_store_that_was_away_is_looked_at_again_by_the_message_that_finds_it_back()
    {
        await CloseAsync();
        var look = Look(out var quotas);
        _store.NotesAreAway = true;
        look.Begin();
        _store.NotesAreAway = false;

        look.Begin();
        await look.EndAsync();

        Assert.Single(quotas.Snapshot());
        Assert.Empty(_log.Lines);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("""[{"account":"default","regionId":"cn-hangzhou","action":"LeaveSecurityGroup","until":"2099-01-01T00:00:00Z","reason":"old","by":"an earlier version"}]""")]
    public async Task A_note_that_cannot_be_read_holds_nobody_up(string text)
    {
        await _store.WriteNoteAsync(expected: null, CircuitNote.Note, text, TestContext.Current.CancellationToken);
        var look = Look();

        await look.EndAsync();

        Assert.Contains("finds it out by itself", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData("[null]")]
    [InlineData("""[{"account":"default","regionId":"cn-hangzhou","action":"LeaveSecurityGroup","until":"2099-01-01T00:00:00Z","reason":"old","by":"an earlier version"}]""")]
    public async Task A_note_that_cannot_be_read_is_written_anew(string text)
    {
        await _store.WriteNoteAsync(expected: null, CircuitNote.Note, text, TestContext.Current.CancellationToken);

        await CloseAsync();
        var look = Look(out var quotas);
        await look.EndAsync();

        Assert.Single(quotas.Snapshot());
        Assert.Empty(_log.Lines);
    }

    private static string Body(int number) => Some.Body.Replace("r-1", $"r-{number}", StringComparison.Ordinal);

    private bool IsClaimed(string requestId) =>
        _store.ReadAsync(new("default", requestId), TestContext.Current.CancellationToken).Result is not null;

    private FirstLook Look() => Look(out _);

    private FirstLook Look(out QuotaRegistry quotas) => new(Instance("new", out quotas), _clock, _log);

    private async Task CloseAsync()
    {
        var notes = Instance("one", out var quotas);
        quotas.TryTake(new(Leave.Account, Leave.RegionId, Leave.Action), out _)!.Throttled(TimeSpan.FromSeconds(40), TimeSpan.Zero, "throttled");
        await notes.ExchangeAsync(TestContext.Current.CancellationToken);
    }

    private CircuitNote Instance(string name, out QuotaRegistry quotas)
    {
        quotas = new QuotaRegistry(new(Options.Create(new PaceOptions()), () => 0.5), _clock, NullLogger<QuotaRegistry>.Instance);
        return new([quotas], _store, new(name), _clock);
    }
}
