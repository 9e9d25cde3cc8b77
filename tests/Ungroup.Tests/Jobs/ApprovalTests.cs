using Ungroup.Jobs;
using Ungroup.Jobs.Driving;

namespace Ungroup.Tests.Jobs;

public sealed class ApprovalTests : IAsyncDisposable
{
    private static readonly JobKey Key = new("default", "JOB-7");

    private readonly JobBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Nothing_is_done_before_the_plan_is_approved()
    {
        var waiting = await AwaitAsync();

        Assert.Empty(_bench.World.Left);
        Assert.Equal(waiting.Plan, Assert.Single(_bench.Events("ungroup.job.AwaitingApproval.v1")).GetProperty("plan").GetString());

        var done = Assert.IsType<JobAnswer.Done>(await DecideAsync(waiting.Plan!));
        var job = await _bench.DeliverAsync(Key);

        Assert.Equal(JobState.Running, done.Job.State);
        Assert.Equal((JobEnd.Completed, 3), (job.EndedAs!.Value, job.Counts["Removed"]));
        Assert.Equal(("bob", "http", false), (job.Approval!.Decision.By, job.Approval.Door, job.Approval.IsVerified));
    }

    [Fact]
    public async Task A_group_that_is_left_with_approval_only_is_approved_as_a_plan_and_what_is_approved_does_not_count_towards_the_hour()
    {
        await using var bench = new JobBench(("Guardrails:ApprovalGroups", "sg-legacy"), ("Guardrails:MostPerHour", "1"));
        bench.World.Instances(3, "sg-legacy");
        await bench.SubmitAsync(JobScenarioTests.Listing(3, ",\"origin\":\"cleanup\""));
        var waiting = await bench.DeliverAsync(Key, until: bench.Clock.GetUtcNow().AddHours(1));
        Assert.Equal(JobState.AwaitingApproval, waiting.State);

        await bench.Decisions.DecideAsync(Key, new(waiting.Plan!, IsApproved: true, new("bob", bench.Clock.GetUtcNow()), "http"), TestContext.Current.CancellationToken);
        var job = await bench.DeliverAsync(Key, until: bench.Clock.GetUtcNow().AddMinutes(2));

        Assert.Equal((JobEnd.Completed, 3), (job.EndedAs!.Value, job.Counts["Removed"]));
    }

    [Fact]
    public async Task It_goes_on_at_once_and_not_when_the_approval_would_have_expired()
    {
        var waiting = await AwaitAsync();
        var decidedAt = _bench.Clock.GetUtcNow();
        await DecideAsync(waiting.Plan!);

        var job = await _bench.DeliverAsync(Key, until: decidedAt.AddMinutes(2));

        Assert.Equal(JobState.Ended, job.State);
    }

    [Fact]
    public async Task A_rejected_job_says_by_whom_and_why()
    {
        var waiting = await AwaitAsync();

        Assert.IsType<JobAnswer.Done>(await DecideAsync(waiting.Plan!, isApproved: false, reason: "not on a Friday"));
        var job = await _bench.DeliverAsync(Key);

        Assert.Equal((JobEnd.Rejected, "bob rejected the plan (not on a Friday); nothing was done."), (job.EndedAs!.Value, job.Sentence));
        Assert.Empty(_bench.World.Left);
        Assert.Equal("Rejected", Assert.Single(_bench.Events("ungroup.job.Ended.v1")).GetProperty("status").GetString());
        Assert.Equal("Decided", Refused(await DecideAsync(waiting.Plan!)));
    }

    [Theory]
    [InlineData(" Alice", "OwnJob")]
    [InlineData("ALICE ", "OwnJob")]
    public async Task Nobody_approves_what_he_has_requested(string by, string code)
    {
        var waiting = await AwaitAsync();

        Assert.Equal(code, Refused(await DecideAsync(waiting.Plan!, by)));
    }

    [Fact]
    public async Task Another_hash_is_refused_and_so_is_a_part_of_this_one()
    {
        var waiting = await AwaitAsync();
        await _bench.SubmitAsync(JobScenarioTests.Listing(3, ",\"approval\":\"required\"").Replace("JOB-7", "JOB-8", StringComparison.Ordinal));
        var twin = await _bench.DeliverAsync(new("default", "JOB-8"), until: _bench.Clock.GetUtcNow().AddHours(1));

        Assert.Equal(JobState.AwaitingApproval, twin.State);
        Assert.Equal("OtherPlan", Refused(await DecideAsync(twin.Plan!)));
        Assert.Equal("OtherPlan", Refused(await DecideAsync(waiting.Plan![..20])));
        Assert.Equal("OtherPlan", Refused(await DecideAsync(waiting.Plan.ToUpperInvariant())));
    }

    [Fact]
    public async Task Two_approvers_at_once_approve_once()
    {
        var waiting = await AwaitAsync();

        var answers = await Task.WhenAll(DecideAsync(waiting.Plan!, "bob"), DecideAsync(waiting.Plan!, "carol"));

        Assert.Equal("bob", Assert.IsType<JobAnswer.Done>(answers[1]).Job.Approval!.Decision.By);
        Assert.Equal(3, (await _bench.DeliverAsync(Key)).Counts["Removed"]);
    }

    [Fact]
    public async Task After_a_cancel_nothing_can_be_approved()
    {
        var waiting = await AwaitAsync();
        await _bench.Decisions.CancelAsync(Key, "alice", null, TestContext.Current.CancellationToken);
        Assert.Equal("Ended", Refused(await DecideAsync(waiting.Plan!)));

        var job = await _bench.DeliverAsync(Key);

        Assert.Equal((JobEnd.Cancelled, 3), (job.EndedAs!.Value, job.Counts["notStarted"]));
        Assert.Equal("Ended", Refused(await DecideAsync(waiting.Plan!)));
    }

    [Fact]
    public async Task After_three_days_the_approval_is_refused_whether_anybody_has_swept_or_not()
    {
        var waiting = await AwaitAsync();
        _bench.Clock.SetUtcNow(waiting.PlannedAt!.Value.AddDays(3));

        Assert.Equal("Expired", Refused(await DecideAsync(waiting.Plan!)));

        Assert.Equal(JobEnd.Expired, (await _bench.DeliverAsync(Key)).EndedAs);
        Assert.Equal("Ended", Refused(await DecideAsync(waiting.Plan!)));
    }

    [Fact]
    public async Task What_waits_for_nobody_and_what_is_unknown_cannot_be_approved()
    {
        _bench.World.Instances(3, "sg-legacy");
        await _bench.SubmitAsync(JobScenarioTests.Listing(3));
        Assert.Equal("NotPlanned", Refused(await DecideAsync("sha256:0")));

        var job = await _bench.DeliverAsync(Key);

        Assert.Equal("Ended", Refused(await DecideAsync(job.Plan!)));
        Assert.IsType<JobAnswer.Unknown>(await _bench.Decisions.CancelAsync(new("default", "JOB-9"), "bob", null, TestContext.Current.CancellationToken));
    }

    private async Task<JobView> AwaitAsync()
    {
        _bench.World.Instances(3, "sg-legacy");
        await _bench.SubmitAsync(JobScenarioTests.Listing(3, ",\"approval\":\"required\""));
        var job = await _bench.DeliverAsync(Key, until: _bench.Clock.GetUtcNow().AddHours(1));
        Assert.Equal(JobState.AwaitingApproval, job.State);
        return job;
    }

    private Task<JobAnswer> DecideAsync(string plan, string by = "bob", bool isApproved = true, string? reason = null) => _bench.Decisions.DecideAsync(
        Key, new(plan, isApproved, new(by, _bench.Clock.GetUtcNow(), reason), "http"), TestContext.Current.CancellationToken);

    private static string Refused(JobAnswer answer) => Assert.IsType<JobAnswer.Refused>(answer).Code;
}
