using Spectre.Console;
using Ungroup.Ecs;
using Ungroup.Ecs.Sts;

namespace Ungroup.Cli.Explain;

/// <summary>Every code of ECS, what kind of no it is, and what an operator can do.</summary>
internal static class FaultTable
{
    public static void Print(IAnsiConsole console)
    {
        Print(console, EcsFault.Rows);
        console.MarkupLine("[grey]A code that is not here counts by its status: 429 Throttled, 408 and 5xx Unknown, 3xx Configuration, else Permanent.[/]");
        console.MarkupLine("[grey]No reply at all is Unknown. A bare 404 is Permanent, never success: a wrong region looks the same.[/]");
        console.WriteLine();
        Print(console, StsFault.Rows);
        console.MarkupLine("[grey]A code that is not here counts by its status: 429 and 3xx Throttled, 408 and 5xx Transient, else Configuration.[/]");
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
