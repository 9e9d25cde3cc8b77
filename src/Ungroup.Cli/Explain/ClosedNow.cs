using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;
using Ungroup.Ledger;
using Ungroup.Pace;

namespace Ungroup.Cli.Explain;

/// <summary>Which accounts, regions and quotas the workers have found closed, as they tell each other in the ledger.</summary>
internal static class ClosedNow
{
    public static async Task PrintAsync(Shell shell, IConfiguration configuration, LedgerOptions ledger, CancellationToken stop)
    {
        shell.Console.Head("Closed now");
        foreach (var sentence in await SentencesAsync(shell, configuration, ledger, stop))
        {
            shell.Console.MarkupLine(Markup.Escape(sentence));
        }
    }

    private static async Task<IReadOnlyList<string>> SentencesAsync(
        Shell shell, IConfiguration configuration, LedgerOptions ledger, CancellationToken stop)
    {
        // To look is no reason to make a file.
        if (ledger.Kind == LedgerKind.Sqlite && !File.Exists(ledger.Path))
        {
            return [$"There is no ledger yet at {Path.GetFullPath(ledger.Path)}."];
        }

        try
        {
            await using var services = new ServiceCollection().AddLogging().AddSingleton(shell.Clock).AddUngroup(configuration).BuildServiceProvider();
            var closed = await GateNotes.DescribeAsync(services.GetRequiredService<ILedgerStore>(), stop);
            return closed.Count > 0 ? closed : ["Nothing."];
        }
        catch (LedgerUnavailableException away)
        {
            return [away.Message];
        }
    }
}
