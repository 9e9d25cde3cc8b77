using Ungroup.Jobs;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

public sealed class JobHashesTests
{
    private static readonly PlanItem[] Items = [new("i-1", "cn-hangzhou", ["sg-a", "sg-b"]), new("i-2", "cn-hangzhou", null)];

    [Fact]
    public void The_order_of_members_and_resources_does_not_count() => Assert.Equal(
        JobHashes.Of(SomeJob.Request),
        JobHashes.Of(SomeJob.Read("""{ "resources": ["eni-3","i-1","i-2"], "regionId":"cn-hangzhou", "securityGroupId":"sg-legacy", "jobId":"JOB-7", "approval":"none" }""")));

    [Fact]
    public void Everything_that_is_asked_counts()
    {
        var (listed, selecting) = (SomeJob.Request, SomeJob.Selecting);
        JobRequest[] jobs =
        [
            listed,
            listed with { JobId = "JOB-8" },
            listed with { Account = "beijing" },
            listed with { Action = RequestAction.Contain, SecurityGroup = null, IsolationGroup = listed.SecurityGroup },
            listed with { SecurityGroup = Some.Group("sg-other") },
            listed with { RegionId = "cn-beijing" },
            listed with { RegionIsDefault = true },
            listed with { Origin = Origin.Cleanup },
            listed with { RequestedBy = "" },
            listed with { Reason = "" },
            listed with { Resources = ["i-1"] },
            listed with { MaxFailures = 5 },
            listed with { Approval = JobApprovalRule.Required },
            listed with { DryRun = true },
            listed with { NotBefore = Some.Now },
            listed with { ExpiresAt = Some.Now },
            listed with { MadeFrom = "JOB-6" },
            listed with { MadeFrom = "JOB-6", Of = "JOB-5" },
            listed with { MadeFrom = "JOB-6", Of = "JOB-5", Force = true },
            selecting,
            selecting with { Most = 0 },
            selecting with { StopIfMoreThan = 0 },
            selecting with { Select = selecting.Select! with { MemberOf = Some.Group("sg-other") } },
            selecting with { Select = selecting.Select! with { Tags = null } },
            selecting with { Select = selecting.Select! with { Tags = null, ExceptTags = selecting.Select.Tags } },
        ];

        Assert.Equal(jobs.Length, jobs.Select(JobHashes.Of).Distinct().Count());

        // A member that is added tomorrow belongs in the list above.
        Assert.All(
            typeof(JobRequest).GetProperties().Where(member => member.CanWrite && member.Name != nameof(JobRequest.More)),
            member => Assert.True(jobs.Select(member.GetValue).Distinct().Skip(1).Any(), $"{member.Name} is the same in all of these jobs."));
    }

    [Fact]
    public void A_plan_has_another_hash_wherever_it_says_something_else()
    {
        var job = SomeJob.Request;
        string[] hashes =
        [
            Hash(job, 2, Items),
            Hash(job with { JobId = "JOB-8" }, 2, Items),
            Hash(job with { Account = "beijing" }, 2, Items),
            Hash(job with { SecurityGroup = Some.Group("sg-other") }, 2, Items),
            Hash(job with { DryRun = true }, 2, Items),
            Hash(job with { MadeFrom = "JOB-6", Of = "JOB-6" }, 2, Items),
            Hash(job with { Most = 2 }, 2, Items),
            Hash(job with { NotBefore = Some.Now }, 2, Items),
            Hash(job with { ExpiresAt = Some.Now }, 2, Items),
            Hash(job, 3, Items),
            Hash(job, 2, Items[..1]),
            Hash(job, 2, [Items[1], Items[0]]),
            Hash(job, 2, [Items[0] with { Groups = ["sg-a"] }, Items[1]]),
            Hash(job, 2, [Items[0], Items[1] with { Groups = [] }]),
            Hash(job, 2, [Items[0], Items[1] with { Region = "cn-beijing" }]),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
        Assert.Equal(Hash(job, 2, Items), Hash(job, 2, Items));
    }

    /// <summary>Somebody may hold a hash while the workers are updated.</summary>
    [Fact]
    public void The_hash_of_a_plan_stays_what_it_is() =>
        Assert.Equal("sha256:8d65cc8a86bec69d2897a9f4b0733f33732698ee84a9849e025c9c2d189be4f5", Hash(SomeJob.Request, 2, Items));

    private static string Hash(JobRequest job, int maxFailures, PlanItem[] items)
    {
        using var hash = JobHashes.BeginPlan(job, items.Length, maxFailures);
        foreach (var item in items)
        {
            JobHashes.Add(hash, item);
        }

        return hash.Take();
    }
}
