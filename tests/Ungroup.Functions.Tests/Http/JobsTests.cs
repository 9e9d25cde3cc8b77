using System.Text.Json;
using Ungroup.Functions.Http;
using Ungroup.Functions.Tests.Support;
using Ungroup.Ledger;

namespace Ungroup.Functions.Tests.Http;

public sealed class JobsTests : IAsyncDisposable
{
    private readonly JobsBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_job_is_accepted_and_then_told_by_its_location()
    {
        var (status, job) = await _bench.SubmitAsync(JobsBench.Body);

        Assert.Equal((202, "JOB-7", "Scheduled"), (status, Text(job, "jobId"), Text(job, "state")));
        Assert.Equal("/api/jobs/JOB-7", _bench.Http.Response.Headers.Location.ToString());
        Assert.Equal((200, "Scheduled"), ((await _bench.GetAsync("JOB-7")).Status, Text((await _bench.GetAsync("JOB-7")).Json, "state")));
        Assert.Contains(_bench.App.Bus.Sent, sent => sent.Body.ToString() == """{"jobId":"JOB-7","account":"default"}""");
    }

    [Fact]
    public async Task A_job_of_another_account_is_told_under_its_account()
    {
        var (status, _) = await _bench.SubmitAsync(JobsBench.Body.Replace("{\"jobId\"", "{\"account\":\"beijing\",\"jobId\"", StringComparison.Ordinal));

        Assert.Equal((202, "/api/jobs/JOB-7?account=beijing"), (status, _bench.Http.Response.Headers.Location.ToString()));
        Assert.Equal((404, 200), ((await _bench.GetAsync("JOB-7")).Status, (await _bench.GetAsync("JOB-7", "?account=beijing")).Status));
    }

    [Fact]
    public async Task The_same_job_twice_is_accepted_and_another_of_its_name_is_a_conflict()
    {
        await _bench.SubmitAsync(JobsBench.Body);

        Assert.Equal(202, (await _bench.SubmitAsync(JobsBench.Body)).Status);
        var (status, problem) = await _bench.SubmitAsync(JobsBench.Body.Replace("i-2", "i-3", StringComparison.Ordinal));
        Assert.Equal((409, "IdempotencyConflict"), (status, Text(problem, "code")));
    }

    [Fact]
    public async Task Every_problem_of_a_job_is_told_at_once()
    {
        var (status, problem) = await _bench.SubmitAsync("""{"jobid":"JOB-7","resources":[],"regionId":"cn-hangzhou"}""");

        Assert.Equal(400, status);
        Assert.Equal(["jobId", "jobid", "resources", "securityGroupId"], problem.GetProperty("problems").EnumerateArray().Select(one => Text(one, "member")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("?approval=required", "approval")]
    [InlineData("?maxfailures=0", "maxFailures")]
    [InlineData("?dryRun=true", "dryRun")]
    public async Task What_stands_in_the_query_is_refused_and_not_overlooked(string query, string member)
    {
        var (status, problem) = await _bench.SubmitAsync(JobsBench.Body.Replace(",\"approval\":\"required\"", "", StringComparison.Ordinal), query: query);

        Assert.Equal((400, member), (status, Text(Assert.Single(problem.GetProperty("problems").EnumerateArray()), "member")));
        Assert.Empty(_bench.App.Bus.Sent);
    }

    [Theory]
    [InlineData(1024 * 1024, 202)]
    [InlineData((1024 * 1024) + 1, 413)]
    public async Task A_job_may_have_a_megabyte(int length, int status) => Assert.Equal(status, (await _bench.SubmitAsync(JobsBench.Body.PadRight(length))).Status);

    [Fact]
    public async Task Another_content_type_is_refused() => Assert.Equal(415, (await _bench.SubmitAsync(JobsBench.Body, "text/plain")).Status);

    [Fact]
    public async Task A_bus_that_is_away_is_said_to_be_and_the_job_is_there_all_the_same()
    {
        _bench.App.Bus.Refuses = (_, _) => true;

        Assert.Equal(503, (await _bench.SubmitAsync(JobsBench.Body)).Status);

        Assert.Equal(("15", "/api/jobs/JOB-7"), (_bench.Http.Response.Headers.RetryAfter.ToString(), _bench.Http.Response.Headers.Location.ToString()));
        Assert.Equal(200, (await _bench.GetAsync("JOB-7")).Status);
    }

    [Fact]
    public async Task A_ledger_that_is_away_is_said_to_be_at_every_door()
    {
        await using var bench = new JobsBench(store: new FailingLedger(() => new LedgerUnavailableException("The disk is full.")));

        Assert.Equal(
            Enumerable.Repeat(503, 8),
            new[]
            {
                (await bench.SubmitAsync(JobsBench.Body)).Status, (await bench.ListAsync()).Status, (await bench.GetAsync("JOB-7")).Status, (await bench.CancelAsync("JOB-7", "")).Status,
                (await bench.RetryAsync("JOB-7")).Status, (await bench.RestoreAsync("JOB-7")).Status, (await bench.ResultsAsync("JOB-7")).Status,
                (await bench.ApproveAsync("JOB-7", JobsBench.Verdict($"sha256:{new string('0', 64)}"))).Status,
            });
        Assert.Equal("15", bench.Http.Response.Headers.RetryAfter.ToString());
    }

    [Fact]
    public async Task What_nobody_knows_is_unknown_at_every_door()
    {
        Assert.Equal(
            Enumerable.Repeat(404, 6),
            new[]
            {
                (await _bench.GetAsync("JOB-7")).Status, (await _bench.CancelAsync("JOB-7", "")).Status, (await _bench.RetryAsync("JOB-7")).Status, (await _bench.RestoreAsync("JOB-7")).Status,
                (await _bench.ResultsAsync("JOB-7")).Status, (await _bench.ApproveAsync("JOB-7", JobsBench.Verdict($"sha256:{new string('0', 64)}"))).Status,
            });
        Assert.Equal(400, (await _bench.GetAsync("JOB 7")).Status);
    }

    [Fact]
    public async Task Jobs_are_listed()
    {
        await _bench.SubmitAsync(JobsBench.Body);
        await _bench.SubmitAsync(JobsBench.Body.Replace("JOB-7", "JOB-8", StringComparison.Ordinal));

        var (status, page) = await _bench.ListAsync("?limit=1");

        Assert.Equal((200, 1), (status, page.GetProperty("jobs").GetArrayLength()));
        Assert.Equal(1, (await _bench.ListAsync($"?after={Text(page, "next")}")).Json.GetProperty("jobs").GetArrayLength());
        Assert.Equal(0, (await _bench.ListAsync("?state=Ended")).Json.GetProperty("jobs").GetArrayLength());
        Assert.Equal(400, (await _bench.ListAsync("?state=over")).Status);
    }

    [Fact]
    public async Task Results_come_as_objects_or_as_a_table()
    {
        await _bench.AwaitAsync();

        var objects = await _bench.ResultsAsync("JOB-7");
        var asked = await _bench.ResultsAsync("JOB-7", "?format=csv");
        var accepted = await _bench.ResultsAsync("JOB-7", "", ("Accept", "text/csv"));

        Assert.Equal((200, "application/json"), (objects.Status, objects.ContentType));
        Assert.Equal(["notStarted", "notStarted"], JsonElement.Parse(objects.Text).GetProperty("results").EnumerateArray().Select(line => Text(line, "status")));
        Assert.Equal((200, "text/csv; charset=utf-8", 4), (asked.Status, asked.ContentType, asked.Text.Split("\r\n").Length));
        Assert.Equal(asked, accepted);
        Assert.Equal("attachment; filename=\"JOB-7.csv\"", _bench.Http.Response.Headers.ContentDisposition.ToString());
        Assert.Equal("application/json", (await _bench.ResultsAsync("JOB-7", "?format=json", ("Accept", "text/csv"))).ContentType);
        Assert.Equal(400, (await _bench.ResultsAsync("JOB-7", "?format=xml")).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?format=csv")]
    public async Task Results_that_cannot_be_read_are_no_empty_list(string query)
    {
        await _bench.AwaitAsync();
        await _bench.App.Store.Rows.WriteRowsAsync("job:default:JOB-7", [new RowChange.Delete("plan:000000")], TestContext.Current.CancellationToken);

        var (status, contentType, _) = await _bench.ResultsAsync("JOB-7", query);

        Assert.Equal((503, "application/problem+json", "15"), (status, contentType, _bench.Http.Response.Headers.RetryAfter.ToString()));
        Assert.Equal(0, _bench.Http.Response.Headers.ContentDisposition.Count);
    }

    [Fact]
    public async Task A_plan_is_approved_once_and_told_to_whoever_asks_again()
    {
        var plan = await _bench.AwaitAsync();

        var (status, job) = await _bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan));
        var again = await _bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan, "carol"));

        Assert.Equal((200, "Running"), (status, Text(job, "state")));
        Assert.Equal((200, "bob"), (again.Status, again.Json.GetProperty("approval").GetProperty("decision").GetProperty("by").GetString()));
        Assert.Equal((409, "Decided"), await RefusedAsync(JobsBench.Verdict(plan, "carol", "reject")));
    }

    [Fact]
    public async Task What_must_not_be_approved_is_not()
    {
        await _bench.SubmitAsync(JobsBench.Body);
        var other = $"sha256:{new string('0', 64)}";
        Assert.Equal((409, "NotPlanned"), await RefusedAsync(JobsBench.Verdict(other)));
        var plan = await _bench.AwaitAsync();

        Assert.Equal((409, "OtherPlan"), await RefusedAsync(JobsBench.Verdict(other)));
        Assert.Equal((403, "OwnJob"), await RefusedAsync(JobsBench.Verdict(plan, "Alice")));
        Assert.Equal(400, (await _bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan[..20]))).Status);
        Assert.Equal(400, (await _bench.ApproveAsync("JOB-7", "{}")).Status);
        _bench.App.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal((409, "Expired"), await RefusedAsync(JobsBench.Verdict(plan)));
    }

    [Fact]
    public async Task A_cancelled_job_cannot_be_approved_any_more()
    {
        var plan = await _bench.AwaitAsync();

        Assert.Equal(200, (await _bench.CancelAsync("JOB-7", """{"by":"dave","reason":"wrong group"}""")).Status);
        await _bench.DriveAsync();

        Assert.Equal((409, "Ended"), await RefusedAsync(JobsBench.Verdict(plan)));
        Assert.Equal("dave cancelled it (wrong group); 2 of 2 requests were never issued.", Text((await _bench.GetAsync("JOB-7")).Json, "sentence"));
    }

    [Fact]
    public async Task A_retry_is_accepted_under_its_own_name_and_a_restore_of_nothing_is_not()
    {
        await _bench.AwaitAsync();
        Assert.Equal(409, (await _bench.RetryAsync("JOB-7")).Status);
        await _bench.CancelAsync("JOB-7", "");
        await _bench.DriveAsync();

        Assert.Equal((202, "JOB-7"), await MadeFromAsync(_bench.RetryAsync("JOB-7", """{"by":"dave"}""")));
        Assert.Equal("/api/jobs/JOB-7%3Aretry-1", _bench.Http.Response.Headers.Location.ToString());
        Assert.Equal(200, (await _bench.GetAsync("JOB-7:retry-1")).Status);
        var (status, problem) = await _bench.RestoreAsync("JOB-7");
        Assert.Equal((409, "NothingToRestore"), (status, Text(problem, "code")));
    }

    [Fact]
    public async Task An_order_that_is_too_long_is_not_read() => Assert.Equal(413, (await _bench.CancelAsync("JOB-7", new string(' ', (64 * 1024) + 1))).Status);

    private async Task<(int Status, string? Code)> RefusedAsync(string verdict)
    {
        var (status, problem) = await _bench.ApproveAsync("JOB-7", verdict);
        return (status, Text(problem, "code"));
    }

    private static async Task<(int Status, string? MadeFrom)> MadeFromAsync(Task<(int Status, JsonElement Json)> answer) => ((await answer).Status, Text((await answer).Json, "madeFrom"));

    private static string? Text(JsonElement json, string member) => json.TryGetProperty(member, out var value) ? value.GetString() : null;
}
