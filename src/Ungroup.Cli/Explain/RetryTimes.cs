using Spectre.Console;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Credentials;
using Ungroup.Ledger;
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
        ("Throttled", "account, region and API are closed for everybody until ECS's hint or the next minute, then one probe "
            + $"goes through; up to {Said(ecs.LongestWaitInPlace)} are waited in place, longer is postponed"),
        ("Later", $"postponed until the resource has settled: {Doubling(ecs.FirstStateWait, ecs.LongestStateWait)}"),
        ("Authentication", "the credentials are refreshed once; then as Configuration"),
        ("Credentials", $"temporary ones are fetched anew {Said(HeldGrant.Margin)} before they expire, and served while they last; without any, STS is asked again "
            + $"after {Doubling(FetchPause.First, FetchPause.Longest)}, once for all messages"),
        ("Denied", "postponed as Transient; the circuit of that API and group closes, and a wider one where others of it are denied too; then it lets "
            + $"one probe through: {Doubling(ecs.FirstCircuitPause, ecs.LongestCircuitPause)}"),
        ("Configuration", "the circuit of that API and region closes, or the account's where a second region says so; then it lets one probe through: "
            + $"{Doubling(ecs.FirstCircuitPause, ecs.LongestCircuitPause)}; messages wait and nothing is burned"),
        ("Outage", $"after {ecs.OutageAfter} calls in a row without a proper answer the circuit of that API and region closes, then lets one "
            + $"probe through: {Doubling(ecs.FirstCircuitPause, ecs.LongestOutagePause)}"),
        ("Unfamiliar", $"{Waits.BetweenUnfamiliar.Length + 1} tries, {string.Join(", ", Waits.BetweenUnfamiliar.Select(Said))} apart; then Failed; "
            + $"{RecentReplies.UnfamiliarResources} resources that meet the same code within {Said(RecentReplies.Lately)} close a circuit"),
        ("Permanent", "never: Failed at once"),
        ("Deadline", $"expiresAt, or {RemovalLedger.LongestLife.TotalHours:0} hours after the message came or its notBefore; then Failed"),
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
