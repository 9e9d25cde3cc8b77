using Spectre.Console;
using Ungroup.Ecs;
using Ungroup.Ecs.Credentials.Sts;

namespace Ungroup.Cli.Explain;

internal static class FaultTable
{
    private const string Unlisted = "X";

    private static readonly int[] Statuses = [302, 400, 403, 404, 408, 429, 500, 503];

    public static void Print(IAnsiConsole console)
    {
        Print(console, EcsFault.Rows);
        console.MarkupLine("[grey]A code that is not here counts by how it is built, and the first of these that fits decides:[/]");
        Print(console, EcsFaultFamilies.Rows);
        PrintByStatus(console, "Any other code", status => EcsFault.Classify(status, Unlisted));
        PrintByStatus(console, "Such a code with a hint when to come back", status => EcsFault.Classify(status, Unlisted, TimeSpan.MaxValue));
        PrintByStatus(console, "No code", status => EcsFault.Classify(status, code: null));
        console.WriteLine();
        Print(console, StsFault.Rows);
        PrintByStatus(console, "Any other code", status => StsFault.Classify(status, Unlisted));
        PrintByStatus(console, "No code", status => StsFault.Classify(status, code: null));
    }

    private static void PrintByStatus(IAnsiConsole console, string subject, Func<int, Fault> classify)
    {
        var kinds = Statuses.GroupBy(classify).Select(same => $"{same.Key} with {string.Join(", ", same)}");
        console.MarkupLine($"[grey]{subject} counts by its status: {string.Join("; ", kinds)}.[/]");
    }

    private static void Print(IAnsiConsole console, IEnumerable<EcsFaultRow> rows) => console.Rows(
        ["code", "kind", "what to do"],
        rows.Select(row => (Cell[])[new(row.Code), new($"{row.Fault}", ColorOf(row.Fault)), new(row.Advice)]));

    private static string ColorOf(Fault fault) => fault switch
    {
        Fault.AlreadyDone => "green",
        Fault.Permanent => "red",
        Fault.Authentication or Fault.Denied or Fault.Configuration => "fuchsia",
        Fault.Throttled => "yellow",
        _ => "aqua",
    };
}
