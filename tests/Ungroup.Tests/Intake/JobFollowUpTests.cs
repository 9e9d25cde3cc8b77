using System.Text;
using Ungroup.Intake;
using Ungroup.Jobs;
using Ungroup.Requests;
using Ungroup.Tests.Jobs;

namespace Ungroup.Tests.Intake;

/// <summary>Jobs that are made from one that has ended.</summary>
public sealed class JobFollowUpTests : IAsyncDisposable
{
    private static readonly JobKey Key = new("default", "JOB-7");

    // No restore comes by a queue here: that of a job comes by a door of its own.
    private readonly JobBench _bench = new(("Requests:RestoreFromQueue", "false"), ("Guardrails:ApprovalGroups", "sg-approved"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private JobDesk Desk => _bench.Get<JobDesk>();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_retry_is_a_job_of_what_failed_or_never_started()
    {
        _bench.World.Instances(2, "sg-legacy");
        await _bench.RunAsync(JobScenarioTests.Listing(20, ",\"maxFailures\":0,\"reason\":\"old\""));
        _bench.World.Instances(18, "sg-legacy", from: 2);

        var taken = Assert.IsType<JobReply.Taken>(await RetryAsync("JOB-7", """{"by":"dave"}"""));
        var retry = await _bench.DeliverAsync(new("default", "JOB-7:retry-1"));

        Assert.Equal(("JOB-7:retry-1", true, "JOB-7", "dave", "old"), (taken.JobId, taken.IsNew, retry.MadeFrom, retry.RequestedBy, retry.Reason));
        Assert.Equal([("Removed", 18), ("notStarted", 0), ("open", 0), ("total", 18)], JobScenarioTests.Counts(retry));
        Assert.Equal(20, _bench.World.Left.Distinct().Count(id => !_bench.World[id].Groups.Contains("sg-legacy")));
    }

    [Fact]
    public async Task A_retry_that_is_asked_for_twice_is_one_and_its_own_retry_is_the_next()
    {
        await _bench.RunAsync(JobScenarioTests.Listing(2));

        Assert.True(Assert.IsType<JobReply.Taken>(await RetryAsync("JOB-7", """{"by":"dave"}""")).IsNew);
        Assert.Equal("NotEnded", Code(await RetryAsync("JOB-7:retry-1")));
        Assert.False(Assert.IsType<JobReply.Taken>(await RetryAsync("JOB-7", """{"by":"erin","reason":"again"}""")).IsNew);
        Assert.Equal("dave", (await _bench.DeliverAsync(new("default", "JOB-7:retry-1"))).RequestedBy);
        Assert.Equal("JOB-7:retry-2", Assert.IsType<JobReply.Taken>(await RetryAsync("JOB-7:retry-1")).JobId);
    }

    [Fact]
    public async Task A_retry_at_once_from_two_doors_is_one()
    {
        await _bench.RunAsync(JobScenarioTests.Listing(2));

        var answers = await Task.WhenAll(RetryAsync("JOB-7", """{"by":"dave"}"""), RetryAsync("JOB-7", """{"by":"erin"}"""));

        Assert.Single(answers, answer => Assert.IsType<JobReply.Taken>(answer).IsNew);
    }

    [Fact]
    public async Task A_retry_needs_an_approval_of_its_own()
    {
        await _bench.SubmitAsync(JobScenarioTests.Listing(3).Replace("sg-legacy", "sg-approved", StringComparison.Ordinal));
        var waiting = await _bench.DeliverAsync(Key, until: _bench.Clock.GetUtcNow().AddHours(1));
        await Desk.DecideAsync("JOB-7", null, Bytes($$"""{"plan":"{{waiting.Plan}}","by":"bob","decision":"reject"}"""), JobCaller.OverHttp, Stop);
        await _bench.DeliverAsync(Key);

        await RetryAsync("JOB-7");
        var retry = await _bench.DeliverAsync(new("default", "JOB-7:retry-1"), until: _bench.Clock.GetUtcNow().AddHours(1));

        Assert.Equal(JobState.AwaitingApproval, retry.State);
        Assert.NotEqual(waiting.Plan, retry.Plan);
    }

    [Fact]
    public async Task A_job_that_could_not_be_planned_is_asked_for_again_as_it_was()
    {
        _bench.World.Instances(3, "sg-legacy", "env=dev");
        _bench.World.Denied.Add("DescribeInstances");
        var failed = await _bench.RunAsync("""{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","select":{"memberOf":"sg-legacy","tags":{"env":"dev"}}}""");
        _bench.World.Denied.Clear();
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await RetryAsync("JOB-7");

        var retry = await _bench.DeliverAsync(new("default", "JOB-7:retry-1"));

        Assert.Equal((JobEnd.Failed, JobEnd.Completed, 3), (failed.EndedAs!.Value, retry.EndedAs!.Value, retry.Counts["Removed"]));
    }

    [Fact]
    public async Task A_list_that_was_never_planned_is_asked_for_again_as_it_was()
    {
        _bench.World.Instances(1_200, "sg-legacy");
        await _bench.SubmitAsync(JobScenarioTests.Listing(1_200));
        await Desk.CancelAsync("JOB-7", null, default, JobCaller.OverHttp, Stop);
        await _bench.DeliverAsync(Key);

        await RetryAsync("JOB-7");

        Assert.Equal(1_200, (await _bench.DeliverAsync(new("default", "JOB-7:retry-1"))).Counts["Removed"]);
    }

    [Fact]
    public async Task Nothing_is_made_of_a_job_that_goes_on_or_is_unknown_or_left_nothing_to_do()
    {
        _bench.World.Instances(2, "sg-legacy");
        Assert.IsType<JobReply.Unknown>(await RetryAsync("JOB-7"));
        Assert.IsType<JobReply.Unknown>(await RestoreAsync("JOB-7"));
        await _bench.SubmitAsync(JobScenarioTests.Listing(2));
        Assert.Equal(("NotEnded", "NotEnded"), (Code(await RetryAsync("JOB-7")), Code(await RestoreAsync("JOB-7"))));
        await _bench.DeliverAsync(Key);
        Assert.Equal("NothingToRetry", Code(await RetryAsync("JOB-7")));

        await _bench.RunAsync(JobScenarioTests.Listing(2, ",\"dryRun\":true").Replace("JOB-7", "JOB-8", StringComparison.Ordinal));
        Assert.Equal("NothingToRestore", Code(await RestoreAsync("JOB-8")));
    }

    [Fact]
    public async Task A_name_that_somebody_else_has_used_before_is_a_conflict()
    {
        await _bench.RunAsync(JobScenarioTests.Listing(2));
        await _bench.SubmitAsync(JobScenarioTests.Listing(2).Replace("JOB-7", "JOB-7:retry-1", StringComparison.Ordinal));

        Assert.Equal("IdempotencyConflict", Code(await RetryAsync("JOB-7")));
    }

    [Fact]
    public async Task A_restore_gives_back_what_was_changed_and_nothing_else()
    {
        _bench.World.Instances(3, "sg-legacy");
        _bench.World["i-00001"].Groups.Remove("sg-legacy");
        await _bench.RunAsync(JobScenarioTests.Listing(4));

        var taken = Assert.IsType<JobReply.Taken>(await RestoreAsync("JOB-7", """{"by":"dave","reason":"rollback"}"""));
        var restore = await _bench.DeliverAsync(new("default", "JOB-7:restore-1"));

        Assert.Equal(("JOB-7:restore-1", RequestAction.Restore, "JOB-7"), (taken.JobId, restore.Action, restore.MadeFrom));
        Assert.Equal([("Restored", 2), ("notStarted", 0), ("open", 0), ("total", 2)], JobScenarioTests.Counts(restore));
        Assert.Equal([true, false, true], new[] { "i-00000", "i-00001", "i-00002" }.Select(id => _bench.World[id].Groups.Contains("sg-legacy")));
        Assert.Equal("2 requests of job JOB-7 are to be undone.", _bench.Events("ungroup.job.Planned.v1")[^1].GetProperty("sentence").GetString());
        Assert.All(_bench.Events("ungroup.removal.Restored.v1"), told => Assert.Equal("JOB-7:restore-1", told.GetProperty("jobId").GetString()));
    }

    [Fact]
    public async Task A_restore_of_a_restore_tries_what_it_did_not_restore_once_more()
    {
        _bench.World.Instances(2, "sg-legacy");
        await _bench.RunAsync(JobScenarioTests.Listing(2));
        _bench.World.Denied.Add("JoinSecurityGroup");
        await RestoreAsync("JOB-7");
        await Desk.CancelAsync("JOB-7:restore-1", null, default, JobCaller.OverHttp, Stop);
        var first = await _bench.DeliverAsync(new("default", "JOB-7:restore-1"));
        _bench.World.Denied.Clear();

        Assert.Equal("NothingToRetry", Code(await RetryAsync("JOB-7:restore-1")));
        Assert.Equal("JOB-7:restore-2", Assert.IsType<JobReply.Taken>(await RestoreAsync("JOB-7:restore-1")).JobId);
        var second = await _bench.DeliverAsync(new("default", "JOB-7:restore-2"));

        Assert.Equal((JobEnd.Cancelled, 2), (first.EndedAs!.Value, second.Counts["Restored"]));
    }

    [Theory]
    [InlineData("Restored", null, false)]
    [InlineData("PartlyRestored", null, true)]
    [InlineData("Failed", "Forbidden.RAM", true)]
    [InlineData("notStarted", null, true)]
    [InlineData("Refused", "Drifted", true)]
    [InlineData("Refused", "StillContained", true)]
    [InlineData("Refused", "NothingToRestore", false)]
    public void A_restore_left_to_do_what_it_was_refused_too(string status, string? code, bool isLeft) =>
        Assert.Equal(isLeft, new ResourceResult("i-1", "JOB-7:restore-1/i-1", status, code).IsUnrestored);

    [Fact]
    public async Task A_restore_by_force_is_another_one_than_a_restore()
    {
        _bench.World.Instances(2, "sg-legacy");
        await _bench.RunAsync(JobScenarioTests.Listing(2));
        Assert.Equal("force", Assert.Single(Assert.IsType<JobReply.Invalid>(await RetryAsync("JOB-7", """{"force":true}""")).Problems).Member);

        Assert.IsType<JobReply.Taken>(await RestoreAsync("JOB-7", """{"force":true}"""));
        Assert.Contains("restore JOB-7:restore-1 in place of JOB-7", Assert.IsType<JobReply.Refused>(await RestoreAsync("JOB-7")).Sentence, StringComparison.Ordinal);
        Assert.False(Assert.IsType<JobReply.Taken>(await RestoreAsync("JOB-7", """{"force":true}""")).IsNew);
        var restore = await _bench.DeliverAsync(new("default", "JOB-7:restore-1"));

        Assert.Equal((true, 2), (restore.Force, restore.Counts["Restored"]));
        Assert.All(_bench.Events("ungroup.removal.Restored.v1"), told => Assert.True(told.GetProperty("request").GetProperty("force").GetBoolean()));
    }

    [Fact]
    public void A_name_that_would_be_too_long_keeps_its_beginning_and_is_nobody_else_s()
    {
        var (one, other) = (new string('a', 64), new string('a', 63) + "b");
        var resource = "i-" + new string('1', 60);

        var names = new[] { one, other }.Select(jobId => FollowUp.Restoring(SomeJob.Request with { JobId = jobId }, [resource], force: false).JobId).ToList();

        Assert.Equal(2, names.Distinct().Count());
        Assert.All(names, name => Assert.True(name.Length <= 64 && name.StartsWith("aaaa", StringComparison.Ordinal) && name.EndsWith(":restore-1", StringComparison.Ordinal), name));
        Assert.All(names, name => Assert.InRange(JobRequest.ChildId(name, resource).Length, 1, 128));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Code(JobReply reply) => Assert.IsType<JobReply.Refused>(reply).Code;

    private Task<JobReply> RetryAsync(string jobId, string order = "") => Desk.RetryAsync(jobId, null, Bytes(order), JobCaller.OverHttp, Stop);

    private Task<JobReply> RestoreAsync(string jobId, string order = "") => Desk.RestoreAsync(jobId, null, Bytes(order), JobCaller.OverHttp, Stop);
}
