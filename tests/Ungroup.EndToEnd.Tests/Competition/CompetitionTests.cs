using System.Text;
using Ungroup.EndToEnd.Tests.Azurite;
using Ungroup.Ledger;
using Ungroup.Ledger.Sqlite;
using Ungroup.Ledger.Table;

namespace Ungroup.EndToEnd.Tests.Competition;

/// <summary>Sixteen claimers in each of four processes, all after the same keys.</summary>
public sealed class CompetitionTests(StorageAccount storage) : IDisposable
{
    private const int Processes = 4;
    private const int Claimers = 16;
    private const int Keys = 32;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly Scratch _scratch = new();
    private readonly CancellationTokenSource _time = new(LongestWait, TimeProvider.System);

    public void Dispose()
    {
        _time.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData(nameof(LedgerKind.Sqlite))]
    [InlineData(nameof(LedgerKind.Table))]
    public async Task Of_all_claimers_of_all_processes_one_wins_each_key(string kind)
    {
        var ledger = await LedgerAsync(Enum.Parse<LedgerKind>(kind), TimeSpan.FromMinutes(2));
        var processes = await StartAsync(ledger);
        await Task.WhenAll(processes.Select(process => process.EndedAsync(_time.Token)));
        var told = await EndAsync(processes);

        Assert.Equal(Enumerable.Range(0, Keys), told.Where(one => one.What == "called").Select(one => one.Key).Order());
        Assert.All(told.GroupBy(one => (one.What, one.Key)), group => Assert.Single(group));
        await CheckRecordsAsync(ledger, told);
    }

    [Theory]
    [InlineData(nameof(LedgerKind.Sqlite))]
    [InlineData(nameof(LedgerKind.Table))]
    public async Task What_killed_processes_held_is_taken_over_and_every_key_is_decided_once(string kind)
    {
        var ledger = await LedgerAsync(Enum.Parse<LedgerKind>(kind), TimeSpan.FromSeconds(3));
        var processes = await StartAsync(ledger);
        await UntilAsync(() => processes.Sum(process => process.Told.Count) >= Keys / 2);
        await Task.WhenAll(processes.Take(Processes / 2).Select(process => process.KillAsync(_time.Token)));
        await Task.WhenAll(processes.Skip(Processes / 2).Select(process => process.EndedAsync(_time.Token)));
        var told = await EndAsync(processes);

        Assert.All(told.GroupBy(one => (one.What, one.Key, one.Epoch)), group => Assert.Single(group));
        Assert.All(told.Where(one => one.What == "decided").GroupBy(one => one.Key), group => Assert.Single(group));
        await CheckRecordsAsync(ledger, told);
    }

    private async Task<LedgerOptions> LedgerAsync(LedgerKind kind, TimeSpan lease)
    {
        var ledger = kind == LedgerKind.Table
            ? await storage.NewLedgerAsync()
            : new() { Kind = LedgerKind.Sqlite, Path = _scratch.At("ledger.db") };
        ledger.Lease = lease;
        return ledger;
    }

    private static async Task<ClaimerProcess[]> StartAsync(LedgerOptions ledger)
    {
        var processes = await Task.WhenAll(Enumerable.Range(0, Processes).Select(_ => ClaimerProcess.StartAsync(ledger, Claimers, Keys)));
        foreach (var process in processes)
        {
            process.Begin();
        }

        return processes;
    }

    private static async Task<Told[]> EndAsync(ClaimerProcess[] processes)
    {
        Told[] told = [.. processes.SelectMany(process => process.Told)];
        foreach (var process in processes)
        {
            await process.DisposeAsync();
        }

        return told;
    }

    /// <summary>Nothing is lost, nothing is open, and the ledger says what its winners said.</summary>
    private async Task CheckRecordsAsync(LedgerOptions ledger, Told[] told)
    {
        var owner = new LedgerOwner("checking");
        ILedgerStore store = ledger.Kind == LedgerKind.Table
            ? TableOpening.Open(ledger, () => throw new NotSupportedException(), new(), TimeProvider.System, () => 0.5)
            : new SqliteLedgerStore(ledger.Path, owner, TimeProvider.System);
        var decided = await store.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, behind: null, 2 * Keys, _time.Token);
        var open = await store.ReadDueAsync(Due.Ending, DateTimeOffset.MaxValue, behind: null, 2 * Keys, _time.Token);
        await (store is SqliteLedgerStore file ? file.DisposeAsync() : new(StorageAccount.DeleteAsync(ledger)));

        Assert.Empty(open);
        Assert.Equal(Enumerable.Range(0, Keys).Select(key => $"k/{key}").Order(), decided.Select(stored => stored.Record.Key.RequestId).Order());
        Assert.All(decided, stored =>
        {
            var (record, mine) = (stored.Record, told.Where(one => $"k/{one.Key}" == stored.Record.Key.RequestId).ToList());
            var winner = Encoding.UTF8.GetString(record.Outcome!.Json.Span);
            Assert.EndsWith($" {record.Epoch}", winner, StringComparison.Ordinal);
            Assert.All(mine.Where(one => one.What == "decided"), one => Assert.Equal(winner, $"{one.Owner} {one.Epoch}"));
            Assert.All(mine, one => Assert.InRange(one.Epoch, 1, record.Epoch));
            Assert.InRange(mine.Count(one => one.What == "called"), 0, record.Attempts);
        });
    }

    private async Task UntilAsync(Func<bool> fact)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!fact())
        {
            await timer.WaitForNextTickAsync(_time.Token);
        }
    }
}
