using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;
using Ungroup.Claimers;
using Ungroup.Ledger;
using Ungroup.Ledger.Sqlite;
using Ungroup.Ledger.Table;

// The arguments say how many claimers and how many keys. The ledger's settings come as the first line of the input: there may
// be a key in them. Any further line is the signal to begin. It tells line by line what happens, as it happens.
var (claimers, keys) = (int.Parse(args[0], CultureInfo.InvariantCulture), int.Parse(args[1], CultureInfo.InvariantCulture));
var options = JsonSerializer.Deserialize<LedgerOptions>(Console.ReadLine()!)!;
var owner = LedgerOwner.New();
ILedgerStore store = options.Kind == LedgerKind.Table
    ? TableOpening.Open(options, () => throw new NotSupportedException(), new TableClientOptions(), TimeProvider.System, () => 0.5)
    : new SqliteLedgerStore(options.Path, owner, TimeProvider.System);
var ledger = new RemovalLedger(store, owner, Microsoft.Extensions.Options.Options.Create(options), TimeProvider.System);

Console.WriteLine("ready");
Console.ReadLine();
await Task.WhenAll(Enumerable.Range(0, claimers).Select(number => Task.Run(() => new Claimer(ledger, owner).RunAsync(keys, first: number * keys / claimers))));
await (store is IAsyncDisposable open ? open.DisposeAsync() : ValueTask.CompletedTask);
Console.WriteLine("done");
