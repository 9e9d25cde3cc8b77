using System.Text;
using System.Text.Json;
using Ungroup.Intake;
using Ungroup.Jobs;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

/// <summary>Jobs that come on the queues of requests.</summary>
public sealed class QueueDoorTests : IAsyncDisposable
{
    private const string Body = """{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","resources":["i-00000","i-00001","i-00002"]}""";

    private static readonly JobKey Key = new("default", "JOB-7");

    private readonly JobBench _bench = new();

    public QueueDoorTests() => _bench.World.Instances(3, "sg-legacy");

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_message_that_names_a_job_is_one()
    {
        Assert.IsType<Settlement.Complete>(await HandleAsync(Body));

        Assert.Equal(3, (await _bench.DeliverAsync(Key)).Counts["Removed"]);
        Assert.Single(_bench.Events("ungroup.job.Ended.v1"));
    }

    [Fact]
    public async Task An_envelope_around_a_job_changes_nothing()
    {
        var message = Message($$"""{"specversion":"1.0","id":"e-1","source":"/inventory","type":"job","data":{{Body}}}""") with { ContentType = "application/cloudevents+json" };

        Assert.IsType<Settlement.Complete>(await HandleAsync(message));

        Assert.Equal(3, (await _bench.DeliverAsync(Key)).Counts["Removed"]);
    }

    [Fact]
    public async Task A_job_that_cannot_be_read_is_rejected_with_everything_that_is_wrong()
    {
        var letter = Assert.IsType<Settlement.DeadLetter>(await HandleAsync("""{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","resources":[],"instanceId":"i-1"}"""));

        Assert.Equal("InvalidRequest", letter.Reason);
        Assert.StartsWith("`instanceId` is not a member of a job; expected the resource in `resources`.", letter.Description, StringComparison.Ordinal);
        var told = Assert.Single(_bench.Outcomes.Published);
        Assert.Equal(("ungroup.removal.Rejected.v1", "job:JOB-7"), (told.Type, told.Subject));
        var data = JsonElement.Parse(told.Json.Span).GetProperty("data");
        Assert.Equal(("InvalidRequest", "JOB-7"), (data.GetProperty("code").GetString(), data.GetProperty("jobId").GetString()));
        Assert.Contains("expected a list of 1 to 10,000", data.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.False(data.TryGetProperty("requestId", out _));
    }

    [Fact]
    public async Task A_job_without_a_name_that_can_be_read_is_told_by_its_message()
    {
        await HandleAsync(Body.Replace("JOB-7", "JOB/7", StringComparison.Ordinal));

        Assert.Equal("message:m-door", Assert.Single(_bench.Outcomes.Published).Subject);
    }

    [Fact]
    public async Task Another_job_of_the_same_name_is_a_conflict()
    {
        await HandleAsync(Body);

        var letter = Assert.IsType<Settlement.DeadLetter>(await HandleAsync(Body.Replace(",\"i-00002\"", "", StringComparison.Ordinal)));

        Assert.Equal("IdempotencyConflict", letter.Reason);
        var told = Assert.Single(_bench.Outcomes.Published);
        Assert.Equal(("ungroup.removal.Rejected.v1", "job:JOB-7"), (told.Type, told.Subject));
        Assert.StartsWith("`jobId` JOB-7 belongs to a job first seen", letter.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_that_has_ended_is_told_again_word_for_word()
    {
        await HandleAsync(Body);
        await _bench.DeliverAsync(Key);

        var again = Assert.IsType<Settlement.Complete>(await HandleAsync(Body));

        Assert.True(again.Replayed);
        var told = _bench.Outcomes.Published.Where(one => one.Type == "ungroup.job.Ended.v1").ToList();
        Assert.Equal(2, told.Count);
        Assert.Equal(Encoding.UTF8.GetString(told[0].Json.Span), Encoding.UTF8.GetString(told[1].Json.Span));
        Assert.Equal(told[0].Id, told[1].Id);
        Assert.Empty(_bench.Queued);
    }

    [Fact]
    public async Task A_job_waits_while_the_bus_does_not_take_the_message_that_drives_it()
    {
        _bench.BreaksAfter = 0;
        var postponed = Assert.IsType<Settlement.Postpone>(await HandleAsync(Body));

        Assert.Equal(Some.Now + TimeSpan.FromSeconds(30), postponed.Until);
        Assert.IsType<Settlement.Complete>(await HandleAsync(Body));
        Assert.Equal(3, (await _bench.DeliverAsync(Key)).Counts["Removed"]);
    }

    [Theory]
    [InlineData("removals", "removals")]
    [InlineData("removals-incident", "removals-incident")]
    public async Task The_requests_go_to_the_queue_that_the_job_came_by_whatever_it_says_of_itself(string queue, string expected)
    {
        await HandleAsync(Message(Body.Replace("{", "{\"origin\":\"incident\",", StringComparison.Ordinal)) with { Queue = new(queue, 16) });
        HashSet<string> queues = [];
        await _bench.DeliverAsync(Key, _ =>
        {
            queues.UnionWith(_bench.Queued.Select(one => one.Queue));
            return Task.CompletedTask;
        });

        Assert.Equal([expected, RequestQueues.Jobs], queues.Order());
    }

    [Fact]
    public async Task A_request_with_a_member_that_nobody_knows_is_refused_as_one()
    {
        var letter = Assert.IsType<Settlement.DeadLetter>(await HandleAsync("""{"job":"JOB-7","requestId":"r-1","instanceId":"i-1","securityGroupId":"sg-legacy","regionId":"cn-hangzhou"}"""));

        Assert.StartsWith("`job` is not a member of a request; expected only requestId", letter.Description, StringComparison.Ordinal);
        Assert.Equal("i-1", Assert.Single(_bench.Outcomes.Published).Subject);
    }

    [Fact]
    public async Task A_slip_in_the_name_of_the_name_is_told() => Assert.StartsWith(
        "`jobid` is not a member of a request; did you mean `jobId`?",
        Assert.IsType<Settlement.DeadLetter>(await HandleAsync("""{"jobid":"JOB-7","requestId":"r-1","instanceId":"i-1","securityGroupId":"sg-legacy","regionId":"cn-hangzhou"}""")).Description,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("approval", "required")]
    [InlineData("max-failures", 0)]
    [InlineData("cloudEvents:most", "5")]
    [InlineData("dryRun", "true")]
    public async Task What_stands_beside_the_body_is_refused_and_not_overlooked(string name, object value)
    {
        var letter = Assert.IsType<Settlement.DeadLetter>(await HandleAsync(Message(Body) with { Properties = new Dictionary<string, object?> { [name] = value } }));

        Assert.StartsWith($"`{name}` stood beside the body", letter.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_property_that_repeats_the_name_of_the_job_is_let_be() =>
        Assert.IsType<Settlement.Complete>(await HandleAsync(Message(Body) with { Properties = new Dictionary<string, object?> { ["jobId"] = "JOB-7" } }));

    [Fact]
    public async Task One_delivery_plans_for_four_minutes_and_the_next_goes_on()
    {
        // Quotas that are known: nothing else waits, and time goes by in the calls alone.
        await using var bench = new JobBench(("Pace:Quotas:DescribeInstances", "1000000"), ("Pace:Quotas:DescribeNetworkInterfaces", "1000000"), ("Pace:Quotas:DescribeSecurityGroups", "1000000"));
        bench.World.Instances(200, "sg-legacy", "env=dev");
        bench.World.PageSize = 2;
        bench.World.Delay = action => Task.Delay(action == "DescribeInstances" ? TimeSpan.FromSeconds(8) : TimeSpan.Zero, bench.Clock);
        await bench.SubmitAsync("""{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","select":{"memberOf":"sg-legacy","tags":{"env":"dev"}},"dryRun":true,"most":1}""");

        var planning = 0;
        var job = await bench.DeliverAsync(Key, view =>
        {
            planning += view.State == JobState.Planning ? 1 : 0;
            return Task.CompletedTask;
        });

        Assert.InRange(planning, 3, 4);
        Assert.Equal(1, job.Counts["Planned"]);
    }

    [Fact]
    public async Task A_body_that_no_queue_would_carry_is_refused()
    {
        var resources = string.Join(',', Enumerable.Range(0, 5_000).Select(at => $"\"i-{at:D12}\""));

        var letter = Assert.IsType<Settlement.DeadLetter>(await HandleAsync($$"""{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","resources":[{{resources}}]}"""));

        Assert.Contains("expected at most 65,536", letter.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(RequestDoor.Removals)]
    [InlineData(RequestDoor.Restores)]
    public void Over_HTTP_the_door_for_requests_names_the_door_for_jobs(RequestDoor door)
    {
        var reading = Assert.IsType<IntakeReading.One>(_bench.Get<IntakeReader>().Read(Encoding.UTF8.GetBytes(Body), "application/json", door: door));

        var problem = Assert.Single(Assert.IsType<IntakeItem.Invalid>(reading.Item).Why.Problems);
        Assert.Equal(("jobId", true), (problem.Member, problem.Sentence.Contains("POST /api/jobs", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_sweep_wakes_a_job_whose_message_is_gone()
    {
        await HandleAsync(Body);
        _bench.LoseMessages(queue => queue == RequestQueues.Jobs);
        _bench.Clock.Advance(TimeSpan.FromMinutes(3));

        await _bench.Get<Sweep>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, (await _bench.DeliverAsync(Key)).Counts["Removed"]);
    }

    [Fact]
    public async Task A_sweep_that_cannot_wake_a_job_does_so_later()
    {
        await HandleAsync(Body);
        _bench.LoseMessages(queue => queue == RequestQueues.Jobs);
        _bench.Clock.Advance(TimeSpan.FromMinutes(3));
        _bench.BreaksAfter = 0;
        await _bench.Get<Sweep>().RunAsync(TestContext.Current.CancellationToken);
        Assert.Empty(_bench.Queued);

        _bench.Clock.Advance(TimeSpan.FromMinutes(3));
        await _bench.Get<Sweep>().RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, (await _bench.DeliverAsync(Key)).Counts["Removed"]);
    }

    private static Delivery Message(string body) =>
        new() { MessageId = "m-door", Body = Encoding.UTF8.GetBytes(body), ContentType = "application/json", EnqueuedAt = Some.Now };

    private Task<Settlement> HandleAsync(string body) => HandleAsync(Message(body));

    private Task<Settlement> HandleAsync(Delivery message) => _bench.Get<RemovalHandler>().HandleAsync(message, TestContext.Current.CancellationToken);
}
