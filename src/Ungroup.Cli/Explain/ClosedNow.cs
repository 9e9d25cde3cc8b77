using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;
using Ungroup.Ledger;
using Ungroup.Pace;

namespace Ungroup.Cli.Explain;

/// <summary>Which accounts, regions and quotas the workers have found closed, as they tell each other in the ledger.</summary>
internal static class ClosedNow
{
    public static async Task PrintAsync(Shell shell, IConfiguration configuration, CancellationToken stop)
    {
        shell.Console.Head("Closed now");
        foreach (var sentence in await SentencesAsync(shell, configuration, stop))
        {
            shell.Console.WriteLine(sentence);
        }
    }

    private static async Task<IReadOnlyList<string>> SentencesAsync(Shell shell, IConfiguration configuration, CancellationToken stop)
    {
        try
        {
            await using var ledger = LookedAtLedger.Open(configuration, shell.Clock);
            var closed = await GateNotes.DescribeAsync(ledger.Store, stop);
            return closed.Count > 0 ? closed : ["Nothing."];
        }
        catch (BadSettingsException bad)
        {
            return bad.Sentences;
        }
        catch (LedgerUnavailableException away)
        {
            return [away.Message];
        }
    }
}
