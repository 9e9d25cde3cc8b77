using Ungroup.Requests;

namespace Ungroup.Jobs;

/// <summary>Sentences about a job, for a person.</summary>
internal static class JobSentences
{
    public static string Planned(JobHead job, JobEvents which)
    {
        var count = job.Plan!.Count;
        var what = job.Request.Action switch
        {
            RequestAction.Contain => $"{Are(count, "resource")} to be contained{(job.Request.Group is { } group ? $" in {group}" : "")}",
            RequestAction.Restore => $"{Are(count, "request", $" of job {job.Request.Of}")} to be undone{(job.Request.Force is true ? ", by force" : "")}",
            _ => $"{Are(count, "resource")} to leave {job.Request.Group}",
        };
        return which == JobEvents.AwaitingApproval
            ? $"{what}, once somebody approves the plan {job.Plan.Hash} before {JobStep.ApprovalExpiryOf(job).UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}."
            : $"{what}{(job.Request.DryRun ? ", as a dry run" : "")}.";
    }

    public static string Ended(JobHead job) => job.Why ?? job.EndedAs switch
    {
        JobEnd.Completed when job.Plan!.Count == 0 => "No resource was selected, and nothing had to be done.",
        JobEnd.Completed when job.Plan.Count == 1 => "Its one request has ended.",
        JobEnd.Completed => $"All {job.Plan.Count:N0} requests have ended.",
        JobEnd.Stopped => $"{Many(job.Counts.Failures, "request")} failed, more than {job.Plan!.MaxFailures:N0} (maxFailures); {job.NotStarted:N0} of {job.Plan.Count:N0} were never issued.",
        JobEnd.Cancelled => $"{job.Cancel!.By} cancelled it{Because(job.Cancel)}; {Undone(job)}.",
        JobEnd.Rejected => $"{job.Approval!.Decision.By} rejected the plan{Because(job.Approval.Decision)}; nothing was done.",
        JobEnd.Expired => $"Its time was over; {Undone(job)}.",
        _ => "It could not be planned.",
    };

    /// <summary>Why a job does not go on by itself; null where nothing of it waits.</summary>
    public static string? Waiting(PortionView? open) => open is { Waits: { Count: > 0 } waits }
        ? string.Join(' ', waits.Select(kind => $"{Many(kind.Count, "request")} {(kind.Count == 1 ? "waits" : "wait")}: {kind.Sentence.TrimEnd('.')}."))
        : null;

    private static string Are(int count, string what, string more = "") => $"{Many(count, what)}{more} {(count == 1 ? "is" : "are")}";

    private static string Many(int count, string what) => count == 1 ? $"1 {what}" : $"{count:N0} {what}s";

    private static string Because(Decision decision) => decision.Reason is { Length: > 0 } reason ? $" ({reason})" : "";

    private static string Undone(JobHead job) => job.Plan is { } plan ? $"{job.NotStarted:N0} of {plan.Count:N0} requests were never issued" : "nothing was planned";
}
