using System.Text.RegularExpressions;
using Ungroup.Ledger;
using Ungroup.Ledger.Table;
using Ungroup.Tests.Support;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>How often the Table ledger goes to the storage account, and for what.</summary>
public sealed partial class TableTrafficTests(StorageAccount storage) : IAsyncLifetime
{
    private TableBench _bench = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await TableBench.StartAsync(storage);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_removal_goes_to_the_account_twice_before_the_call_and_once_after()
    {
        var lease = await _bench.ClaimAsync();
        await _bench.Ledger.BeginAttemptAsync(lease, Stop);
        Assert.Equal(2, _bench.Network.Seen.Count);

        await _bench.Ledger.DecideAsync(lease, TableBench.Event(), Stop);
        Assert.Equal(3, _bench.Network.Seen.Count);
    }

    [Fact]
    public async Task A_repeated_request_costs_two_round_trips_and_writes_nothing()
    {
        await _bench.DecideAsync();
        _bench.Network.Forget();

        Assert.IsType<Claim.Decided>(await _bench.Ledger.ClaimAsync(Some.Request(), "m-2", Some.Deadline, Stop));

        Assert.Equal(["POST", "GET"], _bench.Network.Seen.Select(seen => seen.Request.Split(' ')[0]));
    }

    [Fact]
    public async Task Published_marks_share_transactions_by_partition_and_leave_the_events_where_they_are()
    {
        var decided = await Task.WhenAll(Enumerable.Range(0, 64).Select(number => _bench.DecideAsync($"r-{number}", """{"event":"told"}""")));
        _bench.Network.Forget();

        await _bench.Ledger.MarkPublishedAsync([.. decided, .. decided], Stop);

        var partitions = decided.Select(stored => TableKeys.Shard(stored.Record.Key)).Distinct().Count();
        Assert.Equal(partitions, _bench.Network.Seen.Count);
        Assert.All(_bench.Network.Seen, seen => Assert.DoesNotContain("\"Event", seen.Body, StringComparison.Ordinal));
        Assert.Equal(64, (await _bench.Store.ReadDueAsync(Due.Forgetting, DateTimeOffset.MaxValue, behind: null, 100, Stop)).Count);
    }

    [Fact]
    public async Task The_sweep_asks_for_ranges_of_keys_and_reads_only_what_is_due()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => _bench.ClaimAsync($"open-{number}")));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(number => _bench.DecideAsync($"decided-{number}")));
        _bench.Network.Forget();

        Assert.Equal(3, (await _bench.Store.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, behind: null, 100, Stop)).Count);

        var queries = _bench.Network.Seen.Where(seen => seen.Request.Contains("$filter", StringComparison.Ordinal)).ToList();
        Assert.Equal(16, queries.Count);
        Assert.All(queries, query => Assert.Matches(Range(), query.Request));
        Assert.Equal(16 + 3, _bench.Network.Seen.Count);
    }

    [Fact]
    public async Task Those_due_longest_come_first_and_no_more_of_them_than_asked_for()
    {
        var now = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(Enumerable.Range(0, 30).Select(number => _bench.ClaimAsync($"r-{number}", now.AddMinutes(number))));

        var due = await _bench.Store.ReadDueAsync(Due.Ending, now.AddMinutes(20), behind: null, 7, Stop);

        Assert.Equal(Enumerable.Range(0, 7).Select(number => $"r-{number}"), due.Select(stored => stored.Record.Key.RequestId));
    }

    [Fact]
    public async Task Many_are_forgotten_and_those_whose_time_has_not_come_stay()
    {
        var decided = await Task.WhenAll(Enumerable.Range(0, 150).Select(number => _bench.DecideAsync($"r-{number}")));
        await _bench.Ledger.MarkPublishedAsync([.. decided.Skip(10)], Stop);

        Assert.Equal(0, await _bench.Store.ForgetAsync(TimeProvider.System.GetUtcNow().AddDays(29), Stop));
        var sweeps = await Task.WhenAll(
            _bench.Store.ForgetAsync(DateTimeOffset.MaxValue, Stop), _bench.Store.ForgetAsync(DateTimeOffset.MaxValue, Stop));

        Assert.Equal(140, sweeps.Sum());
        Assert.Equal(10, (await _bench.Store.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, behind: null, 100, Stop)).Count);
        Assert.Null(await _bench.Store.ReadAsync(decided[^1].Record.Key, Stop));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(700_000)]
    public async Task An_event_of_any_length_comes_back_as_it_was(int length)
    {
        var json = new string('x', length);
        await _bench.DecideAsync(json: json);

        var found = await _bench.Store.ReadAsync(new("default", "r-1"), Stop);

        Assert.Equal(TableBench.Event(json).Json.ToArray(), found!.Record.Outcome!.Json.ToArray());
    }

    [Fact]
    public async Task An_event_that_no_row_can_hold_is_refused_in_a_sentence()
    {
        var lease = await _bench.ClaimAsync();

        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => _bench.Ledger.DecideAsync(lease, TableBench.Event(new string('x', 800_000)), Stop));

        Assert.Equal("Event is 800,000 bytes long; the ledger's table holds at most 786,432.", error.Message);
    }

    [Fact]
    public async Task Instants_from_the_first_to_the_last_come_back_to_the_tick()
    {
        foreach (var (id, at) in ((string, DateTimeOffset)[])[("first", DateTimeOffset.MinValue), ("last", DateTimeOffset.MaxValue)])
        {
            var lease = await _bench.ClaimAsync(id, at);

            Assert.Equal(at, (await _bench.Store.ReadAsync(lease.Record.Key, Stop))!.Record.Deadline);
        }
    }

    [GeneratedRegex("PartitionKey eq '[0-9a-f]' and RowKey ge 'p:' and RowKey lt 'p:9999-12-31T23:59:59.9999999Z'", RegexOptions.None, 1000)]
    private static partial Regex Range();
}
