namespace Ungroup.Cli.Sandbox;

/// <summary>What a run came to, in numbers: lines by their messages, outcomes as received, dead letters as the broker counts them.</summary>
internal sealed record Summary(string Headline, IReadOnlyList<(string Status, int Count)> PerStatus, IReadOnlyList<(string Name, string Text)> Facts)
{
    private static readonly string[] InOrder = ["Removed", "AlreadyAbsent", "Planned", "Refused", "Expired", "Failed", "Rejected"];

    public static Summary Of(IReadOnlyList<LineState> states, int told, Cloud cloud, TimeSpan elapsed, string? report)
    {
        var ended = states.Where(state => state.End is not null).Select(state => state.End!).ToList();
        var open = states.Count - ended.Count;
        List<(string, string)> facts =
        [
            ("outcomes", $"{told} received from {Cloud.Outcomes}" + Also(ended.Count(end => end.Replayed), "of them told again for a repeated request")),
            ("dead letters", $"{DeadLetters(cloud)} in {Cloud.Requests}/$DeadLetterQueue"),
            ("ECS calls", $"{cloud.Calls}, {cloud.LeaveCalls} of them LeaveSecurityGroup"
                + Also(ended.Count(end => end.Outcome.ConfirmedByReadBack), "lost reply confirmed by reading back", "lost replies confirmed by reading back")),
        ];
        if (report is not null)
        {
            facts.Add(("report", Spectre.Console.Markup.Escape(report)));
        }

        return new(
            open == 0 ? $"{states.Count} requests ended in {elapsed.TotalSeconds:0.0} s" : $"{open} of {states.Count} requests did not end within {elapsed.TotalSeconds:0.0} s",
            [.. from status in InOrder let count = ended.Count(end => end.Outcome.Status == status) where count > 0 select (status, count)],
            facts);
    }

    private static long DeadLetters(Cloud cloud) => cloud.CountsOf(Cloud.Requests).DeadLettered + cloud.CountsOf(Cloud.Incidents).DeadLettered;

    private static string Also(int count, string one, string? many = null) => count == 0 ? "" : $"; {count} {(count == 1 ? one : many ?? one)}";
}
