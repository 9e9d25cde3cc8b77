using Ungroup.Jobs;
using Ungroup.Ledger;
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
    public void Each_thing_that_requests_wait_for_is_told_once_the_commonest_first()
    {
        var open = new PortionView(4, JobCounts.None)
        {
            Waits = WaitKind.Of(
            [
                new(WaitFor.Circuit, "sg-web is closed until 2026-01-02T03:05:00Z: no permission."),
                new(WaitFor.Hold, "A hold on all requests by ops: change freeze"),
                new(WaitFor.Hold, "A hold on all requests by ops: change freeze"),
            ]),
        };

        Assert.Equal(
            "2 requests wait: A hold on all requests by ops: change freeze. 1 request waits: sg-web is closed until 2026-01-02T03:05:00Z: no permission.",
            JobView.Of(Running, open, Some.Now).Sentence);
        Assert.Null(JobView.Of(Running, new PortionView(4, JobCounts.None), Some.Now).Sentence);
    }

    [Fact]
    public void Of_a_few_that_have_ended_nobody_can_tell() =>
        Assert.Null(JobView.Of(Running with { Counts = JobCounts.Of([SomeJob.Result(0, "Removed")]) }, open: null, Some.Now.AddMinutes(10)).Eta);
}
