using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Ledger;

namespace Ungroup.Cli.Explain;

/// <summary>Notes that workers leave each other in the ledger. A ledger that cannot be asked says so instead.</summary>
internal static class ToldByTheLedger
{
    /// <param name="shell">Where to print.</param>
    /// <param name="configuration">Says where the ledger is.</param>
    /// <param name="ask">Asks it; without an answer there is nothing.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task PrintAsync(
        Shell shell,
        IConfiguration configuration,
        Func<ILedgerStore, CancellationToken, Task<IReadOnlyList<string>>> ask,
        CancellationToken stop)
    {
        foreach (var sentence in await SentencesAsync(shell, configuration, ask, stop))
        {
            shell.Console.WriteLine(DisplayText.Of(sentence, DisplayText.LongestSentence));
        }
    }

    private static async Task<IReadOnlyList<string>> SentencesAsync(
        Shell shell,
        IConfiguration configuration,
        Func<ILedgerStore, CancellationToken, Task<IReadOnlyList<string>>> ask,
        CancellationToken stop)
    {
        try
        {
            await using var ledger = LookedAtLedger.Open(configuration, shell.Clock);
            var told = await ask(ledger.Store, stop);
            return told.Count > 0 ? told : ["Nothing."];
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
