using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Ledger;

namespace Ungroup.Cli.Explain;

/// <summary>Prints notes that workers leave each other in the ledger, or why it cannot be asked.</summary>
internal static class ToldByTheLedger
{
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
