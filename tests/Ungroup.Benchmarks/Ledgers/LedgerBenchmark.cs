namespace Ungroup.Benchmarks.Ledgers;

/// <summary>The cost of never doing a thing twice: from claim to decided, on each ledger.</summary>
internal static class LedgerBenchmark
{
    private const int Rounds = 7;

    private static readonly int[] Concurrencies = [1, 16, 64];

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine(
            $"ledger: claimed, noted as called, decided, and marked as published in the background; {Rounds} rounds in turns on new ledgers, "
            + "medians; ratios are within a round");
        await using var azurite = await AzuriteServer.StartAsync();
        if (azurite is null)
        {
            Console.WriteLine(AzuriteServer.HowToInstall);
        }

        var table = new Table("ledger", "concurrency", "removals/s", "p50 ms", "p99 ms", "CPU µs/removal", "removals/s ÷ SQLite");
        foreach (var concurrency in Concurrencies)
        {
            await PlayAsync(Contenders(azurite), concurrency, table);
        }

        table.Print();
        await CountAsync(Contenders(azurite));
    }

    private static async Task PlayAsync(LedgerContender[] contenders, int concurrency, Table table)
    {
        foreach (var contender in contenders)
        {
            await contender.WarmUpAsync(concurrency);
        }

        for (var round = 0; round < Rounds; round++)
        {
            // Nobody is always first, and nobody always follows the same one.
            foreach (var contender in round % 2 == 0 ? contenders : contenders.Reverse())
            {
                await contender.PlayAsync(concurrency);
            }
        }

        foreach (var contender in contenders)
        {
            contender.AddTo(table, concurrency, contenders[1]);
        }
    }

    private static async Task CountAsync(LedgerContender[] contenders)
    {
        Console.WriteLine();
        var table = new Table("ledger", "round trips before the call", "after it", "in the background");
        foreach (var contender in contenders)
        {
            var (before, after, background) = await contender.CountAsync();
            table.Add(contender.Name, $"{before:0.00}", $"{after:0.00}", $"{background:0.00}");
        }

        table.Print();
    }

    private static LedgerContender[] Contenders(AzuriteServer? azurite) =>
    [
        new("Memory", 500, OpenLedger.Memory),
        new("Sqlite", 100, OpenLedger.Sqlite),
        .. azurite is null ? (LedgerContender[])[] : [new("Table (Azurite)", 25, () => OpenLedger.Table(azurite))],
    ];
}
