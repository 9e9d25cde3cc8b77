using Spectre.Console;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Sandbox.Report;
using Ungroup.Cli.Terminal;

namespace Ungroup.Cli.Sandbox.Screen;

internal sealed class PlainDisplay(TextWriter output, TimeProvider clock) : RunDisplay
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(5);

    private readonly TextWriter _output = TextWriter.Synchronized(output);

    public override void Write(string markup) => _output.WriteLine(Markup.Remove(markup).TrimEnd());

    public override void WriteWhole(string text) => _output.WriteLine(text);

    public override async Task FollowAsync(Board board, PaceLine? pace, Task until)
    {
        while (await Task.WhenAny(until, Task.Delay(BetweenLooks, clock)) != until)
        {
            if (pace?.Of(board.Count - board.Ended) is { } line)
            {
                Write($"{"pace",-8}{line}");
            }

            foreach (var job in board.Snapshot().Where(state => state is { IsTaken: true, End: null, JobTotal: > 0 }))
            {
                Write($"{"job",-8}{Cleaned.Markup(job.Line.Job!.JobId),-20} {ProgressBar.Plain(job.JobDone, job.JobTotal, 30)}  {job.JobDone} of {job.JobTotal}");
            }
        }

        await until;
    }

    public override void Summarize(Summary summary)
    {
        Write("");
        Write(summary.Headline);
        if (summary.PerStatus.Count > 0)
        {
            Write($"{"statuses",-14}{string.Join("   ", summary.PerStatus.Select(status => $"{status.Status} {status.Count}"))}");
        }

        foreach (var (name, text) in summary.Facts)
        {
            Write($"{name,-14}{text}");
        }
    }
}
