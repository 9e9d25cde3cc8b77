using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Sandbox.Report;
using Ungroup.Cli.Terminal;

namespace Ungroup.Cli.Sandbox.Screen;

/// <summary>Events scroll by above what is still open and how far everything is.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, TimeProvider clock) : RunDisplay
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<string> _lines = new();
    private volatile bool _isLive;

    /// <remarks>Lines wait for the next frame of the live part: only one thread may draw.</remarks>
    public override void Write(string markup)
    {
        _lines.Enqueue(markup);
        if (!_isLive)
        {
            WriteAll();
        }
    }

    public override void WriteWhole(string text) => console.Profile.Out.Writer.WriteLine(text);

    public override async Task FollowAsync(Board board, PaceLine? pace, Task until)
    {
        var started = clock.GetTimestamp();
        _isLive = true;
        await console.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
        {
            while (!until.IsCompleted)
            {
                WriteAll();
                live.UpdateTarget(OpenLines.Render(board, pace?.Of(board.Count - board.Ended), clock.GetUtcNow(), clock.GetElapsedTime(started), console.Profile));
                await Task.WhenAny(until, Task.Delay(Frame, clock));
            }
        });
        _isLive = false;
        WriteAll();
        await until;
    }

    public override void Summarize(Summary summary)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{summary.Headline}[/]") { Justification = Justify.Left, Style = Style.Parse("grey") });
        if (summary.PerStatus.Count > 0)
        {
            var chart = new BreakdownChart { Width = Math.Min(console.Profile.Width, 100) };
            foreach (var (status, count) in summary.PerStatus)
            {
                chart.AddItem(status, count, Narrator.ColorOf(status));
            }

            console.Write(chart);
        }

        var facts = new Grid().AddColumn(new GridColumn { NoWrap = true }).AddColumn();
        foreach (var (name, text) in summary.Facts)
        {
            facts.AddRow(new Text(name, new Style(Color.Grey)), Cleaned.Drawn(text));
        }

        console.Write(facts);
    }

    private void WriteAll()
    {
        var lines = new List<IRenderable>();
        while (_lines.TryDequeue(out var line))
        {
            lines.Add(new OneLine(line));
        }

        if (lines.Count > 0)
        {
            console.Write(new Rows(lines));
        }
    }
}
