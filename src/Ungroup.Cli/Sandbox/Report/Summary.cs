using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Terminal;

namespace Ungroup.Cli.Sandbox.Report;

/// <summary>A run in numbers: lines by their messages, outcomes as received, dead letters as the broker counts them.</summary>
internal sealed record Summary(string Headline, IReadOnlyList<(string Status, int Count)> PerStatus, IReadOnlyList<(string Name, string Text)> Facts)
{
    private static readonly string[] InOrder =
    [
        "Removed", "AlreadyAbsent", "Contained", "PartlyContained", "Restored", "PartlyRestored", "Planned", "Completed", "Stopped", "Cancelled", "Refused", "Expired", "Failed", "Rejected",
    ];

    public static Summary Of(IReadOnlyList<LineState> states, int told, Cloud cloud, TimeSpan elapsed, string? report)
    {
        var ended = states.Where(state => state.End is not null).Select(state => state.End!).ToList();
        var readBack = ended.Count(end => end is { Replayed: false, Outcome.ConfirmedByReadBack: true });
        var open = states.Count - ended.Count;

        // Counted in this order: the worker may still be calling.
        var (leaves, calls) = (cloud.LeaveCalls, cloud.Calls);
        List<(string, string)> facts =
        [
            ("outcomes", $"{told} received from {Cloud.AllOutcomes}"
                + Also(ended.Count(end => end.Replayed), "request was", "requests were", "decided before and only told again")),
            ("dead letters", $"{ended.Count(end => end.DeadLettered)}; {cloud.DeadLettered} now in {Cloud.Requests}/$DeadLetterQueue"),
            ("ECS calls", $"{calls}, {leaves} of them LeaveSecurityGroup"
                + Also(readBack, "lost reply", "lost replies", "made up for by reading back")),
        ];
        if (ended.Where(end => end.Counts is not null).DistinctBy(end => end.EventId).Select(end => end.Counts!).ToList() is { Count: > 0 } jobs)
        {
            var counts = jobs.SelectMany(one => one).Where(count => count is { Value: > 0, Key: not ("total" or "open") })
                .GroupBy(count => count.Key, (name, same) => $"{name} {same.Sum(count => count.Value)}");
            facts.Add(("jobs", $"{jobs.Count} with {jobs.Sum(one => one.GetValueOrDefault("total"))} resources: {string.Join("   ", counts)}"));
        }

        if (report is not null)
        {
            facts.Add(("report", Cleaned.Markup(report)));
        }

        return new(
            open == 0
                ? $"{states.Count} requests ended in {elapsed.TotalSeconds:0.0} s"
                : $"{open} of {states.Count} requests did not end within {elapsed.TotalSeconds:0.0} s",
            [.. from status in InOrder let count = ended.Count(end => end.Outcome.Status == status) where count > 0 select (status, count)],
            facts);
    }

    private static string Also(int count, string one, string many, string what) => count == 0 ? "" : $"; {count} {(count == 1 ? one : many)} {what}";
}
