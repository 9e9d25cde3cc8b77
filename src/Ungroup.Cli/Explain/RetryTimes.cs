using Spectre.Console;
using Ungroup.Ecs;
using Ungroup.Quotas;

namespace Ungroup.Cli.Explain;

internal static class RetryTimes
{
    public static void Print(IAnsiConsole console, EcsOptions ecs, PaceOptions pace) => console.Rows(
        ["kind", "what is done"], All(ecs, pace).Select(row => (Cell[])[new(row.Kind, "bold"), new(row.Text)]));

    private static IEnumerable<(string Kind, string Text)> All(EcsOptions ecs, PaceOptions pace) =>
    [
        ("Its turn", $"calls go out one after the other at {1 - pace.Reserve:0 %} of what is known of the quota{(pace.Shared ? ", shared with the other workers" : "")}; "
            + $"incidents need not wait for theirs, clean-ups wait behind the rest; a turn up to {Said(ecs.LongestWaitInPlace)} away is waited "
            + "for in place, a later one postponed; this is no try"),
        ("Transient", $"at most {ecs.QuickTries} tries in one delivery, {Said(ecs.ShortestBackoff)} to {Said(ecs.LongestBackoff)} apart at random; "
            + $"then postponed: {Doubling(ecs.FirstPostponement, ecs.LongestPostponement)}"),
        ("Unknown", "the membership is read first: gone is Removed, still there is tried again as above"),
        ("Throttled", "the gate of account, region and API closes for everybody until ECS's hint or the next minute, then lets one probe "
            + $"through; up to {Said(ecs.LongestWaitInPlace)} are waited in place, longer is postponed"),
        ("Later", $"postponed until the resource has settled: {Doubling(ecs.FirstStateWait, ecs.LongestStateWait)}"),
        ("Authentication", "the credentials are refreshed once; then as Configuration"),
        ("Credentials", "temporary ones are fetched anew 15 min before they expire, and served while they last; without any, STS is asked again "
            + $"after {Doubling(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1))}, once for all messages"),
        ("Denied", "postponed as Transient; a second denial in a row closes the gate of that account and API, which then lets one probe "
            + $"through: {Doubling(ecs.FirstCircuitPause, ecs.LongestCircuitPause)}"),
        ("Configuration", "the gate of the account closes, then lets one probe through: "
            + $"{Doubling(ecs.FirstCircuitPause, ecs.LongestCircuitPause)}; messages wait and nothing is burned"),
        ("Outage", $"after {ecs.OutageAfter} calls in a row without a proper answer the gate of that account and region closes, then lets one "
            + $"probe through: {Doubling(ecs.FirstCircuitPause, ecs.LongestOutagePause)}"),
        ("Permanent", "never: Failed at once"),
        ("Deadline", "expiresAt, or 24 hours after the message came or its notBefore; then Failed"),
        ("Time-outs", $"one LeaveSecurityGroup {Said(ecs.LeaveTimeout)}, one delivery {Said(ecs.LongestRun)}"),
    ];

    private static string Doubling(TimeSpan first, TimeSpan longest)
    {
        var waits = new List<string>();
        for (var wait = first; wait < longest; wait *= 2)
        {
            waits.Add(Said(wait));
        }

        return $"{string.Join(", ", waits.Append(Said(longest)))}, and so on";
    }

    private static string Said(TimeSpan time) =>
        time.TotalSeconds < 120 ? $"{time.TotalSeconds:0.##} s" : $"{time.TotalMinutes:0.##} min";
}
