using Spectre.Console;
using Ungroup.Display;

namespace Ungroup.Cli.Explain;

/// <summary>Rows of texts: a table where the terminal has room for one, else a line and what belongs to it below.</summary>
internal static class Layout
{
    private const int RoomForTable = 100;
    private const int Indent = 4;

    public static void Head(this IAnsiConsole console, string title)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{title}[/]") { Justification = Justify.Left, Style = Style.Parse("grey") });
    }

    public static void Rows(this IAnsiConsole console, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<Cell>> rows)
    {
        if (console.Profile.Width < RoomForTable)
        {
            foreach (var row in rows)
            {
                Below(console, row);
            }

            return;
        }

        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey).AddColumn(new TableColumn($"[grey]{columns[0]}[/]").NoWrap());
        foreach (var column in columns.Skip(1))
        {
            table.AddColumn($"[grey]{column}[/]");
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell.Clean, cell.AsStyle)));
        }

        console.Write(table);
    }

    private static void Below(IAnsiConsole console, IReadOnlyList<Cell> row)
    {
        var line = new Paragraph();
        foreach (var cell in row.SkipLast(1))
        {
            line.Append($"{cell.Clean}  ", cell.AsStyle);
        }

        console.Write(line);
        console.WriteLine();
        if (row[^1].Text.Length > 0)
        {
            console.Write(new Padder(new Text(row[^1].Clean, row[^1].AsStyle), new(Indent, 0, 0, 0)));
        }
    }
}

/// <summary>A text that is shown as it is, whatever markup or emoji it may look like.</summary>
internal sealed record Cell(string Text, string Style = "default")
{
    public string Clean => DisplayText.Of(Text, DisplayText.LongestSentence);

    public Style AsStyle => Spectre.Console.Style.Parse(Style);
}
