using Microsoft.Extensions.Configuration;
using Ungroup.Cli.Worker;
using Ungroup.Ledger;

namespace Ungroup.Cli.Replay;

/// <summary>Outcomes are watched in the worker's ledger; a ledger that no worker writes would be watched in vain.</summary>
internal static class WatchableLedger
{
    /// <exception cref="BadSettingsException">The ledger is one that nobody else can see.</exception>
    public static void Check(IConfiguration settings)
    {
        var section = settings.GetSection(LedgerOptions.Section);
        var kind = section[nameof(LedgerOptions.Kind)] ?? nameof(LedgerKind.Sqlite);
        if (kind.Equals(nameof(LedgerKind.Memory), StringComparison.OrdinalIgnoreCase))
        {
            throw new BadSettingsException(["A ledger in memory is its worker's alone; a replay has to see the outcomes there. Expected the worker's --ledger-path."]);
        }

        var path = section[nameof(LedgerOptions.Path)] ?? new LedgerOptions().Path;
        if (kind.Equals(nameof(LedgerKind.Sqlite), StringComparison.OrdinalIgnoreCase) && !File.Exists(path))
        {
            throw new BadSettingsException([$"There is no ledger {path}; a replay watches the outcomes in the worker's. Expected the worker's --ledger-path."]);
        }
    }
}
