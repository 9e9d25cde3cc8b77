using Spectre.Console;
using Spectre.Console.Rendering;
using Ungroup.Cli.Sandbox.Screen;
using Ungroup.Cli.Terminal;
using Ungroup.Display;
using Ungroup.Jobs;

namespace Ungroup.Cli.Jobs;

/// <summary>A bar that moves, and what it counts, on a terminal.</summary>
internal sealed class JobProgress(IAnsiConsole console)
{
    private const int LongestBar = 60;
    private const int MostFailures = 3;

    public async Task FollowAsync(IAsyncEnumerable<JobView> looks) =>
        await console.Live(Text.Empty).AutoClear(true).Overflow(VerticalOverflow.Ellipsis).StartAsync(async live =>
        {
            await foreach (var job in looks)
            {
                live.UpdateTarget(Render(job, console.Profile));
            }
        });

    /// <summary>Nothing of it is wider than the terminal.</summary>
    public static Rows Render(JobView job, Profile profile)
    {
        List<IRenderable> rows = [new OneLine($"[bold]{Cleaned.Markup(job.JobId)}[/]  {Cleaned.Markup(JobWords.StateOf(job))}  [grey]{Cleaned.Markup(JobWords.WhatOf(job))}[/]")];
        if (job.Plan is not null)
        {
            rows.Add(new OneLine(Bar(job, profile)));
            rows.Add(new OneLine(Counts(job)));
        }

        if (job.Sentence is { } sentence)
        {
            rows.Add(new OneLine($"[yellow]{Cleaned.Markup(sentence)}[/]"));
        }

        rows.AddRange(job.Failures.Take(MostFailures).Select(kind =>
            new OneLine($"[red]{kind.Count:N0} × {Cleaned.Markup(kind.Code)}[/], first {Cleaned.Markup(kind.First)}: {Cleaned.Markup(kind.Sentence)}")));
        if (job is { State: JobState.AwaitingApproval, Approval: null, Cancelled: null })
        {
            rows.Add(new Text(DisplayText.Line($"ungroup job approve {JobWords.Called(job)} --plan {job.Plan} --by NAME")));
        }

        return new(rows);
    }

    private static string Bar(JobView job, Profile profile)
    {
        var (total, ended, failed) = (JobWords.Total(job), JobWords.Ended(job), JobWords.Failed(job));
        var width = Math.Clamp(profile.Width - 8, 4, LongestBar);
        var (done, bad) = (Cells(ended), Math.Min(Cells(failed), Cells(ended)));
        var (full, empty) = profile.Capabilities.Unicode ? ('█', '░') : ('#', '.');
        var share = total == 0 ? 100 : (int)(100L * ended / total);
        return $"[green]{new string(full, done - bad)}[/][red]{new string(full, bad)}[/][grey]{new string(empty, width - done)}[/] {share,3} %";

        // One failure of ten thousand is seen, too.
        int Cells(int count) => total == 0 ? width : count == 0 ? 0 : Math.Max(1, (int)((long)width * count / total));
    }

    private static string Counts(JobView job)
    {
        var counts = Cleaned.Markup(JobWords.CountsOf(job));
        return job.Eta is { } eta ? $"{counts}  [grey]done about {eta.UtcDateTime:HH:mm:ss} UTC[/]" : counts;
    }
}
