using Ungroup.Requests;

namespace Ungroup.Jobs;

/// <summary>Hashes that tell one job from another of the same name, and one plan from every other.</summary>
internal static class JobHashes
{
    /// <summary>Of what was asked: spacing, the order of members and the order of resources do not count.</summary>
    public static string Of(JobRequest job)
    {
        using var hash = new CanonicalHash("ungroup-job-1");
        hash.Text(job.Account).Text(job.JobId).Text(job.Action.ToString()).Text(job.SecurityGroup?.Value).Text(job.IsolationGroup?.Value)
            .Text(job.RegionIsDefault ? null : job.RegionId).Text(job.Origin.ToString()).Text(job.RequestedBy).Text(job.Reason)
            .Texts(job.Resources)
            .Text(job.Select?.MemberOf.Value).Pairs(job.Select?.Tags).Pairs(job.Select?.ExceptTags)
            .Whole(job.Most).Whole(job.StopIfMoreThan).Whole(job.MaxFailures).Text(job.Approval.ToString()).Text(job.DryRun ? "dry" : "")
            .Instant(job.NotBefore).Instant(job.ExpiresAt);
        return Made(hash, job).Take();
    }

    /// <summary>Begins the hash of a plan; the items follow, in order of their ids.</summary>
    public static CanonicalHash BeginPlan(JobRequest job, int count, int maxFailures) => Made(new CanonicalHash("ungroup-plan-1"), job)
        .Text(job.JobId).Text(job.Account).Text(job.Action.ToString()).Text(job.SecurityGroup?.Value).Text(job.IsolationGroup?.Value)
        .Whole(job.Most).Whole(maxFailures).Text(job.DryRun ? "dry" : "").Instant(job.NotBefore).Instant(job.ExpiresAt)
        .Whole(count);

    // Only where there is something to say: every hash of a job that somebody has written stays as it is.
    private static CanonicalHash Made(CanonicalHash hash, JobRequest job)
    {
        hash = job.MadeFrom is null ? hash : hash.Text("made from").Text(job.MadeFrom).Text(job.Of);
        return job.Force is null ? hash : hash.Text("force");
    }

    public static void Add(CanonicalHash plan, PlanItem item) => plan.Text(item.Region).Text(item.Resource).Texts(item.Groups);
}
