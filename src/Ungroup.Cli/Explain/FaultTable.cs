using Spectre.Console;
using Ungroup.Ecs;
using Ungroup.Ecs.Sts;

namespace Ungroup.Cli.Explain;

/// <summary>Every code of ECS, what kind of no it is, and what an operator can do.</summary>
internal static class FaultTable
{
    public static void Print(IAnsiConsole console)
    {
        console.Head("What each no of ECS means");
        Print(console, EcsFault.Rows);
        console.MarkupLine("[grey]A code that is not here counts by its status: 429 Throttled, 408 and 5xx Unknown, 3xx Configuration, else Permanent.[/]");
        console.MarkupLine("[grey]No reply at all is Unknown. A bare 404 is Permanent, never success: a wrong region looks the same.[/]");
        console.Head("What each no of STS means");
        Print(console, StsFault.Rows);
        console.MarkupLine("[grey]A code that is not here counts by its status: 429 and 3xx Throttled, 408 and 5xx Transient, else Configuration.[/]");
    }

    private static void Print(IAnsiConsole console, IEnumerable<EcsFaultRow> rows)
    {
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey)
            .AddColumn(new TableColumn("[grey]code[/]").NoWrap()).AddColumn("[grey]kind[/]").AddColumn("[grey]what to do[/]");
        foreach (var row in rows)
        {
            table.AddRow(Markup.Escape(row.Code), $"[{ColorOf(row.Fault)}]{row.Fault}[/]", Markup.Escape(row.Advice));
        }

        console.Write(table);
    }

    private static string ColorOf(Fault fault) => fault switch
    {
        Fault.AlreadyDone => "green",
        Fault.Permanent => "red",
        Fault.Authentication or Fault.Denied or Fault.Configuration => "fuchsia",
        Fault.Throttled => "yellow",
        _ => "aqua",
    };
}
