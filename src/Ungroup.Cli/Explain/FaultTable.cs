using Spectre.Console;
using Ungroup.Ecs;
using Ungroup.Ecs.Credentials.Sts;

namespace Ungroup.Cli.Explain;

internal static class FaultTable
{
    public static void Print(IAnsiConsole console)
    {
        Print(console, EcsFault.Rows);
        console.MarkupLine("[grey]A code that is not here counts by how it is built, and the first of these that fits decides:[/]");
        Print(console, EcsFaultFamilies.Rows);
        console.MarkupLine("[grey]Any other code is Throttled with 429 or a hint, Unknown with 408 and 5xx, and else Unfamiliar: five tries within ten minutes.[/]");
        console.MarkupLine("[grey]No reply at all, or one that ECS did not write, is Unknown: the membership is read back.[/]");
        console.WriteLine();
        Print(console, StsFault.Rows);
        console.MarkupLine("[grey]A code that is not here counts by its status: 429 and 3xx Throttled, 408 and 5xx Transient, else Configuration. No code at all is Transient.[/]");
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
