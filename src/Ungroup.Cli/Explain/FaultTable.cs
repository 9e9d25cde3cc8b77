using Spectre.Console;
using Ungroup.Ecs;

namespace Ungroup.Cli.Explain;

/// <summary>Every code of ECS, what kind of no it is, and what an operator can do.</summary>
internal static class FaultTable
{
    public static void Print(IAnsiConsole console)
    {
        console.Head("What each no of ECS means");
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey)
            .AddColumn(new TableColumn("[grey]code[/]").NoWrap()).AddColumn("[grey]kind[/]").AddColumn("[grey]what to do[/]");
        foreach (var row in EcsFault.Rows)
        {
            table.AddRow(Markup.Escape(row.Code), $"[{ColorOf(row.Fault)}]{row.Fault}[/]", Markup.Escape(row.Advice));
        }

        console.Write(table);
        console.MarkupLine("[grey]A code that is not here counts by its status: 429 Throttled, 408 and 5xx Unknown, 3xx Configuration, else Permanent.[/]");
        console.MarkupLine("[grey]No reply at all is Unknown. A bare 404 is Permanent, never success: a wrong region looks the same.[/]");
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
