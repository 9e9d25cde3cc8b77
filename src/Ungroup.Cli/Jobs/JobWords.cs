using Ungroup.Cli.Status;
using Ungroup.Display;
using Ungroup.Jobs;
using Ungroup.Requests;

namespace Ungroup.Cli.Jobs;

/// <summary>A job in words.</summary>
internal static class JobWords
{
    private const int MostLeftOut = 10;

    /// <summary>Counts of a status beside those of the outcomes.</summary>
    private static readonly string[] NoOutcomes = ["total", "open", "notStarted"];

    public static IEnumerable<string> Of(JobView job)
    {
        yield return DisplayText.Line($"{job.JobId}: {StateOf(job)}.");
        if (job.Sentence is { } sentence)
        {
            yield return DisplayText.Of(sentence, DisplayText.LongestSentence);
        }

        yield return DisplayText.Line($"{WhatOf(job)}, account {job.Account}{AskedBy(job)}, at {Words.At(job.CreatedAt)}{Because(job.Reason)}");
        if (job.Plan is { } plan)
        {
            yield return DisplayText.Line($"Plan {plan} of {Resources(job)}, made at {Words.At(job.PlannedAt!.Value)}; more than {job.MaxFailures:N0} failures stop it.");
            yield return DisplayText.Line($"Counts: {CountsOf(job)}.");
        }

        foreach (var line in job.Failures.Select(kind => DisplayText.Line($"{kind.Count:N0} failed, first {kind.First}: {kind.Code}. {kind.Sentence}"))
            .Concat(LeftOut(job)).Concat((job.Warnings ?? []).Select(warning => DisplayText.Line($"Mind: {warning}"))).Concat(Decisions(job)).Concat(Times(job)))
        {
            yield return line;
        }
    }

    /// <summary>The job as a command names it.</summary>
    public static string Called(JobView job) => Called(job.JobId, job.Account);

    public static string Called(string jobId, string account) => account == KnownAccounts.DefaultName ? jobId : $"{jobId} --account {account}";

    /// <summary>One line, for a list.</summary>
    public static string Short(JobView job) =>
        DisplayText.Line($"{job.JobId}  {StateOf(job)}{(Failed(job) is var failed and > 0 ? $", {failed:N0} failed" : "")}  {WhatOf(job)}, account {job.Account}, {Words.At(job.CreatedAt)}");

    /// <summary>One line, for whoever follows it.</summary>
    public static string Progress(JobView job) => job.Plan is null || Total(job) == 0
        ? DisplayText.Line($"{job.JobId}: {StateOf(job)}")
        : DisplayText.Line($"{job.JobId}: {StateOf(job)}; {CountsOf(job)}");

    public static string StateOf(JobView job) => job.State switch
    {
        JobState.Ended => $"Ended as {job.EndedAs}",
        JobState.Running or JobState.Stopping => $"{job.State}, {Ended(job):N0} of {Total(job):N0} have ended",
        JobState.AwaitingApproval => $"AwaitingApproval, {Resources(job)} planned",
        _ => job.State.ToString(),
    };

    public static string WhatOf(JobView job)
    {
        var what = job.Action switch
        {
            RequestAction.Contain => $"contain in {job.IsolationGroupId ?? "the account's isolation group"}",
            RequestAction.Restore => job.Force is true ? "restore by force" : "restore",
            _ => $"remove from {job.SecurityGroupId}",
        };
        return job.DryRun ? $"{what}, as a dry run" : what;
    }

    public static string CountsOf(JobView job) => string.Join(
        ", ", OutcomesOf(job).Concat(job.Counts.Where(count => count.Key is "open" or "notStarted" && count.Value > 0)).Select(count => $"{count.Key} {count.Value:N0}").DefaultIfEmpty("none"));

    public static IEnumerable<KeyValuePair<string, int>> OutcomesOf(JobView job) =>
        job.Counts.Where(count => !NoOutcomes.Contains(count.Key) && count.Value > 0).OrderBy(count => count.Key, StringComparer.Ordinal);

    private static string Resources(JobView job) => Total(job) == 1 ? "1 resource" : $"{Total(job):N0} resources";

    public static int Total(JobView job) => job.Counts["total"];

    public static int Ended(JobView job) => Total(job) - job.Counts["open"] - job.Counts["notStarted"];

    public static int Failed(JobView job) => job.Failures.Sum(kind => kind.Count);

    /// <summary>The exit code after a wait.</summary>
    public static bool IsGood(JobView job) => job is { State: JobState.Ended, EndedAs: JobEnd.Completed } && Failed(job) == 0;

    private static IEnumerable<string> LeftOut(JobView job)
    {
        var leftOut = job.LeftOut ?? [];
        return leftOut.Take(MostLeftOut).Select(one => DisplayText.Line($"Left out: {one.Resource}, {one.Why}."))
            .Concat(leftOut.Count > MostLeftOut ? [$"Left out as well: {leftOut.Count - MostLeftOut:N0} or more; --json names the first {leftOut.Count:N0}."] : []);
    }

    private static IEnumerable<string> Decisions(JobView job)
    {
        if (job.Approval is { } approval)
        {
            yield return DisplayText.Line(
                $"{(approval.IsApproved ? "Approved" : "Rejected")} by {approval.Decision.By}, {(approval.IsVerified ? "verified" : "as said")}, by {approval.Door}, at {Words.At(approval.Decision.At)}{Because(approval.Decision.Reason)}");
        }

        if (job.Cancelled is { } cancel)
        {
            yield return DisplayText.Line($"Cancelled by {cancel.By} at {Words.At(cancel.At)}{Because(cancel.Reason)}");
            if (job.State != JobState.Ended)
            {
                yield return "Nothing more of it is issued; it ends once what is under way has ended.";
            }
        }
    }

    private static IEnumerable<string> Times(JobView job)
    {
        if (job is { State: JobState.Scheduled, NotBefore: { } notBefore, Cancelled: null })
        {
            yield return DisplayText.Line($"Nothing of it happens before {Words.At(notBefore)}.");
        }

        if (job is { Eta: { } eta, Cancelled: null })
        {
            yield return DisplayText.Line($"If it goes on like this it is done at {Words.At(eta)}.");
        }

        if (job is { ExpiresAt: { } expiresAt, Cancelled: null })
        {
            yield return DisplayText.Line($"It ends at {Words.At(expiresAt)} with whatever is not issued by then.");
        }

        if (job is { State: JobState.AwaitingApproval, Cancelled: null, Approval: null })
        {
            yield return DisplayText.Line($"ungroup job approve {Called(job)} --plan {job.Plan} --by NAME lets it run, ungroup job reject ends it. ungroup job results {Called(job)} lists what is planned.");
        }
    }

    private static string AskedBy(JobView job) => job.RequestedBy is { Length: > 0 } by ? $", asked for by {by}" : "";

    private static string Because(string? reason) => reason is { Length: > 0 } ? $": {reason}" : ".";
}
