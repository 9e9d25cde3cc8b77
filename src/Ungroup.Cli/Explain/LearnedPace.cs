using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Ungroup.Cli.Status;
using Ungroup.Cli.Worker;
using Ungroup.Ledger;
using Ungroup.Pace;

namespace Ungroup.Cli.Explain;

/// <summary>What the workers have learned of each quota, as they tell each other in the ledger, and how long a backlog takes by it.</summary>
internal static class LearnedPace
{
    public static async Task PrintAsync(Shell shell, IConfiguration configuration, PaceOptions pace, CancellationToken stop)
    {
        shell.Console.Head("What is known of the quotas");
        foreach (var sentence in await SentencesAsync(shell, configuration, pace, stop))
        {
            shell.Console.WriteLine(sentence);
        }
    }

    private static async Task<IReadOnlyList<string>> SentencesAsync(Shell shell, IConfiguration configuration, PaceOptions pace, CancellationToken stop)
    {
        try
        {
            await using var ledger = LookedAtLedger.Open(configuration, shell.Clock);
            var learned = await LearnedQuotas.DescribeAsync(ledger.Store, pace.Reserve, stop);
            return learned.Count > 0 ? learned : ["Nothing."];
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
