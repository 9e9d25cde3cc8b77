using Ungroup.Jobs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

public sealed class JobViewTests
{
    private static readonly JobHead Running = SomeJob.Head() with
    {
        State = JobState.Running,
        Plan = SomeJob.Plan(100),
        Counts = JobCounts.Of([.. Enumerable.Range(0, 20).Select(number => SomeJob.Result(number, "Removed"))]),
        Next = 20,
    };

    [Fact]
    public void A_job_goes_on_as_it_has_since_its_plan() =>
        Assert.Equal(Some.Now.AddMinutes(50), JobView.Of(Running, open: null, Some.Now.AddMinutes(10)).Eta);

    [Fact]
    public void The_time_that_it_waited_for_its_approval_does_not_count()
    {
        var approved = Running with { Approval = new("sha256:0", IsApproved: true, new("alice", Some.Now.AddHours(1)), "http") };

        Assert.Equal(Some.Now.AddHours(1).AddMinutes(50), JobView.Of(approved, open: null, Some.Now.AddHours(1).AddMinutes(10)).Eta);
    }

    [Fact]
    public void Of_a_few_that_have_ended_nobody_can_tell() =>
        Assert.Null(JobView.Of(Running with { Counts = JobCounts.Of([SomeJob.Result(0, "Removed")]) }, open: null, Some.Now.AddMinutes(10)).Eta);
}
