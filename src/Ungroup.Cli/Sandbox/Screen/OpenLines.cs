using Spectre.Console;
using Spectre.Console.Rendering;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Terminal;

namespace Ungroup.Cli.Sandbox.Screen;

internal static class OpenLines
{
    private const int MostRows = 12;

    public static Rows Render(Board board, string? pace, DateTimeOffset now, TimeSpan elapsed, Profile profile)
    {
        var open = board.Snapshot().Where(state => state.End is null).ToList();
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey).Expand()
            .AddColumn(new TableColumn("[grey]line[/]")).AddColumn("[grey]request[/]").AddColumn("[grey]asks for[/]").AddColumn("[grey]now[/]");
        var rows = Math.Clamp(profile.Height - 8, 1, MostRows);
        foreach (var state in open.OrderBy(Urgency).Take(rows))
        {
            var (request, what) = state.Line.Glimpse();
            table.AddRow(Cell($"{state.Line.Number,4}", "grey"), Cell(request, "bold"), Cell(what, "default"), Now(state, now));
        }

        if (open.Count > rows)
        {
            table.Caption($"[grey]and {open.Count - rows} more[/]");
        }

        return new(
            open.Count == 0 ? Text.Empty : table,
            pace is null ? Text.Empty : Cell(pace, "grey"),
            Bar(board.Ended, board.Count, board.Told, elapsed, profile.Width));
    }

    private static int Urgency(LineState state) => state.IsTaken || state.IsWorkedOn ? 0 : state.WaitsUntil is not null ? 1 : 2;

    private static OneLine Now(LineState state, DateTimeOffset now) => state switch
    {
        { IsWorkedOn: true } => Cell("● at work", "aqua"),
        { IsTaken: true } => new($"{ProgressBar.Markup(state.JobDone, state.JobTotal, 16)}  {state.JobDone} of {(state.JobTotal == 0 ? "?" : state.JobTotal)}"),
        { WaitsUntil: { } until } => Cell($"◌ {Math.Max(0, (until - now).TotalSeconds):0.0} s  {state.WaitsWhy}", "yellow"),
        _ => Cell("· queued", "grey"),
    };

    private static OneLine Cell(string text, string style) => new($"[{style}]{Cleaned.Markup(text)}[/]");

    private static OneLine Bar(int ended, int count, int told, TimeSpan elapsed, int width)
    {
        var length = Math.Clamp(width - 50, 10, 50);
        return new($"{ProgressBar.Markup(ended, count, length)}  "
            + $"[bold]{ended}[/] of {count} ended  [grey]·[/]  {told} told  [grey]·[/]  {elapsed.TotalSeconds:0.0} s");
    }
}
