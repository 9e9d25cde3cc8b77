using Ungroup.Ledger;
using Ungroup.Tests.Support;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>A request of the Table ledger writes once what it meant to write, and knows it, whatever happens to it.</summary>
public sealed class LostReplyTests(StorageAccount storage) : IAsyncLifetime
{
    private TableBench _bench = null!;

    public static TheoryData<Mishap> Mishaps => [.. Enum.GetValues<Mishap>().Except([Mishap.None, Mishap.Silence])];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TableBench.StartAsync(storage, new() { Patience = TimeSpan.FromSeconds(5) });

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task A_request_goes_through_its_whole_life_though_the_first_try_of_every_write_fails(Mishap mishap)
    {
        EveryOtherWrite(mishap);

        var lease = await _bench.ClaimAsync();
        Assert.True(await _bench.Ledger.BeginAttemptAsync(lease, Stop));
        Assert.True(await _bench.Ledger.ReleaseAsync(lease, TimeProvider.System.GetUtcNow(), mayHaveLeft: true, "Throttling", metOthers: false, Stop));
        lease = await _bench.ClaimAsync();
        Assert.True(await _bench.Ledger.BeginAttemptAsync(lease, Stop));
        Assert.True(await _bench.Ledger.RecordAsync(lease, TableBench.Event(), Stop));
        await _bench.Ledger.MarkPublishedAsync([lease.Stored], Stop);

        var found = (await _bench.Store.ReadAsync(lease.Record.Key, Stop))!.Record;
        Assert.Equal((LedgerState.Published, 2, 2), (found.State, found.Attempts, found.Epoch));
        Assert.Empty(await _bench.Store.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, behind: null, 10, Stop));
        Assert.Single(await _bench.Store.ReadDueAsync(Due.Forgetting, DateTimeOffset.MaxValue, behind: null, 10, Stop));
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task A_write_that_lost_to_another_is_not_taken_for_ours_because_it_was_tried_twice(Mishap mishap)
    {
        var lease = await _bench.ClaimAsync();
        var other = (await _bench.Store.ReadAsync(lease.Record.Key, Stop))!;
        Assert.NotNull(await _bench.Store.ReplaceAsync(other, other.Record with { Owner = "two", Epoch = 2 }, Stop));

        EveryOtherWrite(mishap);

        Assert.False(await _bench.Ledger.BeginAttemptAsync(lease, Stop));
        Assert.IsType<Claim.Busy>(await _bench.Ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, Stop));
        Assert.Equal(2, (await _bench.Store.ReadAsync(lease.Record.Key, Stop))!.Record.Epoch);
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task A_note_is_written_once_though_its_first_try_fails(Mishap mishap)
    {
        EveryOtherWrite(mishap);

        var note = await _bench.Store.WriteNoteAsync(null, "gate", "closed", Stop);
        Assert.NotNull(note);
        Assert.NotNull(await _bench.Store.WriteNoteAsync(note, "gate", "open", Stop));
        Assert.Null(await _bench.Store.WriteNoteAsync(note, "gate", "closed", Stop));
        Assert.Null(await _bench.Store.WriteNoteAsync(null, "gate", "closed", Stop));

        Assert.Equal("open", Assert.Single(await _bench.Store.ReadNotesAsync("", Stop)).Text);
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task What_fails_three_times_says_which_table_did_not_answer_and_which_setting_names_it(Mishap mishap)
    {
        _bench.Network.Happens = _ => mishap;

        var error = await Assert.ThrowsAsync<LedgerUnavailableException>(() => _bench.ClaimAsync());

        Assert.Contains(_bench.Options.Table, error.Message, StringComparison.Ordinal);
        Assert.Contains("did not answer 3 times in a row", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("(Ledger:ConnectionString).", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, _bench.Network.Seen.Count);
    }

    [Fact]
    public async Task Reads_are_tried_again_too()
    {
        await _bench.DecideAsync();
        var reads = 0;
        _bench.Network.Happens = method => method == "GET" && reads++ % 2 == 0 ? Mishap.Unavailable : Mishap.None;

        Assert.NotNull(await _bench.Store.ReadAsync(new("default", "r-1"), Stop));
        Assert.Empty(await _bench.Store.ReadNotesAsync("", Stop));
    }

    [Fact]
    public async Task A_try_that_is_not_answered_is_given_up_and_made_again()
    {
        var tries = 0;
        _bench.Network.Happens = _ => tries++ == 0 ? Mishap.Silence : Mishap.None;

        await _bench.ClaimAsync();

        Assert.Equal(2, _bench.Network.Seen.Count);
    }

    [Fact]
    public async Task Who_gives_up_is_not_told_that_the_table_is_away()
    {
        using var stop = new CancellationTokenSource();
        _bench.Network.Happens = _ => Mishap.Silence;

        var claim = _bench.Ledger.ClaimAsync(Some.Request(), "m-1", Some.Deadline, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => claim);
    }

    // The try after a lost write meets its own effect, and has to see that.
    private void EveryOtherWrite(Mishap mishap)
    {
        var writes = 0;
        _bench.Network.Happens = method => method != "GET" && writes++ % 2 == 0 ? mishap : Mishap.None;
    }
}
