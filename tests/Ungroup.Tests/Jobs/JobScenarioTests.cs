using Ungroup.Holds;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

/// <summary>Whole jobs, from the door to their last event.</summary>
public sealed class JobScenarioTests : IAsyncDisposable
{
    private static readonly JobKey Key = new("default", "JOB-7");

    private readonly JobBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_list_is_done_and_accounted_for()
    {
        _bench.World.Instances(30, "sg-legacy");
        _bench.World["i-00003"].Groups.Remove("sg-legacy");

        var job = await _bench.RunAsync(Listing(31));

        Assert.Equal((JobState.Ended, JobEnd.Completed, "All 31 requests have ended."), (job.State, job.EndedAs!.Value, job.Sentence));
        Assert.Equal([("AlreadyAbsent", 1), ("Failed", 1), ("Removed", 29), ("notStarted", 0), ("open", 0), ("total", 31)], Counts(job));
        Assert.Equal(new FailureKind("InvalidInstanceId.NotFound", job.Failures[0].Sentence, 1, "i-00030"), Assert.Single(job.Failures));
        Assert.Equal(31, _bench.World.Left.Distinct().Count());
        var ended = Assert.Single(_bench.Events("ungroup.job.Ended.v1"));
        Assert.Equal(("Completed", "JOB-7", 29), (ended.GetProperty("status").GetString(), ended.GetProperty("jobId").GetString(), ended.GetProperty("counts").GetProperty("Removed").GetInt32()));
        Assert.Equal("i-00030", Assert.Single(ended.GetProperty("failures").EnumerateArray()).GetProperty("resource").GetString());
        Assert.Equal(job.Plan, Assert.Single(_bench.Events("ungroup.job.Planned.v1")).GetProperty("plan").GetString());
        Assert.Empty(await _bench.Get<JobStore>().Index.ReadLiveAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_job_that_waits_under_a_hold_says_whose_until_its_requests_are_back()
    {
        _bench.World.Instances(1, "sg-legacy");
        var hold = await _bench.Get<HoldRows>().PutAsync(new() { Id = "freeze", By = "ops", Reason = "change freeze.", Since = Some.Now }, lasts: null, TestContext.Current.CancellationToken);
        await _bench.SubmitAsync(Listing(1));

        var held = await _bench.DeliverAsync(Key, until: Some.Now.AddMinutes(30));

        Assert.Equal((JobState.Running, "1 request waits: A hold on all requests by ops: change freeze."), (held.State, held.Sentence));

        await _bench.Get<HoldRows>().LiftAsync(hold!.Id, TestContext.Current.CancellationToken);

        Assert.Equal("Its one request has ended.", (await _bench.DeliverAsync(Key)).Sentence);
    }

    [Fact]
    public async Task Each_child_s_outcome_names_its_job_and_nobody_else_s_does()
    {
        _bench.World.Instances(3, "sg-legacy");
        await _bench.DeliverAsync("removals", Some.Delivery("""{"requestId":"JOB-8/i-00002","instanceId":"i-00002","securityGroupId":"sg-legacy","regionId":"cn-hangzhou"}"""));

        await _bench.RunAsync(Listing(2));

        Assert.Equal(
            [("JOB-7/i-00000", "JOB-7"), ("JOB-7/i-00001", "JOB-7"), ("JOB-8/i-00002", null)],
            _bench.Events("ungroup.removal.Removed.v1").Select(data => (data.GetProperty("requestId").GetString(), data.TryGetProperty("jobId", out var id) ? id.GetString() : null)).Order());
    }

    [Fact]
    public async Task Ten_thousand_that_all_fail_end_with_seven()
    {
        var job = await _bench.RunAsync(Listing(10_000, ",\"maxFailures\":5"));

        Assert.Equal(JobEnd.Stopped, job.EndedAs);
        Assert.Equal([("Failed", 7), ("notStarted", 9_993), ("open", 0), ("total", 10_000)], Counts(job));
        Assert.Single(_bench.Events("ungroup.job.Ended.v1"));
        Assert.Equal(7, _bench.Sent.Count(id => id.StartsWith("JOB-7/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_dry_run_looks_and_changes_nothing()
    {
        _bench.World.Instances(5, "sg-legacy");

        var job = await _bench.RunAsync(Listing(5, ",\"dryRun\":true"));

        Assert.Equal([("Planned", 5), ("notStarted", 0), ("open", 0), ("total", 5)], Counts(job));
        Assert.Empty(_bench.World.Left);
    }

    [Fact]
    public async Task The_same_job_twice_is_one_and_another_of_its_name_is_a_conflict()
    {
        _bench.World.Instances(3, "sg-legacy");
        var first = Assert.IsType<JobTaken.Accepted>(await _bench.SubmitAsync(Listing(3)));
        var again = Assert.IsType<JobTaken.Accepted>(await _bench.SubmitAsync(Listing(3)));
        var other = Assert.IsType<JobTaken.Conflict>(await _bench.SubmitAsync(Listing(2)));

        var job = await _bench.DeliverAsync(Key);

        Assert.Equal((true, false), (first.IsNew, again.IsNew));
        Assert.StartsWith("`jobId` JOB-7 belongs to a job first seen 2026-01-02T03:04:05Z", other.Sentence, StringComparison.Ordinal);
        Assert.Equal(("Removed", 3), Counts(job)[0]);
        Assert.Equal(3, _bench.World.Left.Count());
        var last = Assert.IsType<JobTaken.Accepted>(await _bench.SubmitAsync(Listing(3)));
        Assert.Equal(JobState.Ended, last.Job.State);
        Assert.Empty(_bench.Queued);
    }

    [Fact]
    public async Task Processes_that_are_gone_in_the_middle_of_a_portion_lose_nothing_and_do_nothing_twice()
    {
        _bench.World.Instances(60, "sg-legacy");
        _bench.BreaksAfter = 9;

        var job = await _bench.RunAsync(Listing(60), _ =>
        {
            _bench.Restart();
            return Task.CompletedTask;
        });

        Assert.Equal(("Removed", 60), Counts(job)[0]);
        Assert.Equal(60, _bench.World.Left.Count());
        Assert.Single(_bench.Events("ungroup.job.Ended.v1"));
        Assert.Single(_bench.Outcomes.Published, told => told.Type == "ungroup.job.Ended.v1");
    }

    [Fact]
    public async Task Two_chains_of_driver_messages_become_one()
    {
        _bench.World.Instances(40, "sg-legacy");
        await _bench.SubmitAsync(Listing(40));
        var driver = Assert.Single(_bench.Queued, one => one.Queue == QueueNames.Jobs).Message;
        _bench.Enqueue(QueueNames.Jobs, driver);
        _bench.Enqueue(QueueNames.Jobs, driver with { MessageId = "somebody" });

        var job = await _bench.DeliverAsync(Key, _ =>
        {
            Assert.True(_bench.Drives < 5 || _bench.Queued.Count(one => one.Queue == QueueNames.Jobs) <= 1);
            return Task.CompletedTask;
        });

        Assert.Equal(("Removed", 40), Counts(job)[0]);
        Assert.Equal(40, _bench.Sent.Count(id => id.StartsWith("JOB-7/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_job_whose_message_is_gone_is_woken_by_the_sweep()
    {
        _bench.World.Instances(10, "sg-legacy");
        await _bench.SubmitAsync(Listing(10));
        _bench.LoseMessages(queue => queue == QueueNames.Jobs);
        var sweep = _bench.Get<JobSweep>();
        Assert.Equal(0, await sweep.RunAsync(TestContext.Current.CancellationToken));

        _bench.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, await sweep.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await sweep.RunAsync(TestContext.Current.CancellationToken));

        Assert.Equal(("Removed", 10), Counts(await _bench.DeliverAsync(Key))[0]);
    }

    [Fact]
    public async Task A_job_whose_driver_was_killed_goes_on_with_the_message_of_the_sweep()
    {
        _bench.World.Instances(10, "sg-legacy");
        await _bench.SubmitAsync(Listing(10));
        var jobs = _bench.Get<JobStore>();
        var job = (await jobs.ReadAsync(Key, TestContext.Current.CancellationToken))!;
        Assert.NotNull(await jobs.TakeAsync(job, job.Head.Turn, TestContext.Current.CancellationToken));
        _bench.LoseMessages(queue => queue == QueueNames.Jobs);
        _bench.Restart();

        _bench.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, await _bench.Get<JobSweep>().RunAsync(TestContext.Current.CancellationToken));
        await _bench.DeliverAsync(QueueNames.Jobs, Assert.Single(_bench.Queued).Message);

        Assert.Equal(JobState.Running, (await _bench.StatusAsync(Key)).State);
    }

    [Fact]
    public async Task Requests_whose_messages_are_gone_are_sent_again()
    {
        _bench.World.Instances(3, "sg-legacy");
        var hasLost = false;

        var job = await _bench.RunAsync(Listing(3), view =>
        {
            if (!hasLost && view.Counts["open"] == 2)
            {
                hasLost = true;
                _bench.LoseMessages(queue => queue == QueueNames.Removals);
            }

            return Task.CompletedTask;
        });

        Assert.Equal(("Removed", 3), Counts(job)[0]);
        Assert.True(hasLost);
    }

    [Fact]
    public async Task A_cancel_ends_the_job_within_its_portion()
    {
        _bench.World.Instances(100, "sg-legacy");

        var job = await _bench.RunAsync(Listing(100), async view =>
        {
            if (view is { State: JobState.Running } && view.Counts["total"] - view.Counts["notStarted"] > 3)
            {
                Assert.IsType<JobAnswer.Done>(await _bench.Decisions.CancelAsync(Key, "alice", "wrong group", TestContext.Current.CancellationToken));
            }
        });

        Assert.Equal(JobEnd.Cancelled, job.EndedAs);
        Assert.Equal([("Removed", 7), ("notStarted", 93), ("open", 0), ("total", 100)], Counts(job));
        Assert.Equal("alice cancelled it (wrong group); 93 of 100 requests were never issued.", job.Sentence);
        Assert.IsType<JobAnswer.Done>(await _bench.Decisions.CancelAsync(Key, "bob", null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_job_waits_for_its_time_and_expires_with_it()
    {
        _bench.World.Instances(3, "sg-legacy");

        await _bench.SubmitAsync(Listing(3, ",\"notBefore\":\"2026-01-03T00:00:00Z\",\"expiresAt\":\"2026-01-04T00:00:00Z\",\"approval\":\"required\""));
        Assert.Equal(JobState.Scheduled, (await _bench.DeliverAsync(Key, until: new DateTimeOffset(2026, 1, 2, 23, 0, 0, TimeSpan.Zero))).State);
        Assert.Equal(JobState.AwaitingApproval, (await _bench.DeliverAsync(Key, until: new DateTimeOffset(2026, 1, 3, 23, 0, 0, TimeSpan.Zero))).State);
        var job = await _bench.DeliverAsync(Key);

        Assert.Equal((JobEnd.Expired, new DateTimeOffset(2026, 1, 4, 0, 0, 0, TimeSpan.Zero)), (job.EndedAs!.Value, job.EndedAt!.Value));
        Assert.Empty(_bench.World.Left);
    }

    [Fact]
    public async Task What_is_on_the_queue_of_jobs_and_names_no_job_is_set_aside()
    {
        var handler = _bench.Get<JobHandler>();

        foreach (var body in (string[])["", "[]", """{"jobId":"a/b","account":"default"}""", """{"jobId":"JOB-9","account":"default"}"""])
        {
            Assert.IsType<Settlement.DeadLetter>(await handler.HandleAsync(Some.Delivery(body), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task The_newest_jobs_are_listed()
    {
        await _bench.SubmitAsync(Listing(1));
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await _bench.SubmitAsync(Listing(1).Replace("JOB-7", "JOB-8", StringComparison.Ordinal));

        var jobs = await _bench.Get<JobStatusReader>().ReadPageAsync(new(null, null), null, 10, TestContext.Current.CancellationToken);

        Assert.Equal(["JOB-8", "JOB-7"], jobs.Jobs.Select(job => job.JobId));
    }

    internal static string Listing(int count, string more = "") =>
        $$"""{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","requestedBy":"alice","resources":[{{string.Join(',', Enumerable.Range(0, count).Select(at => $"\"i-{at:D5}\""))}}]{{more}}}""";

    internal static List<(string Name, int Count)> Counts(JobView job) => [.. job.Counts.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value))];
}
