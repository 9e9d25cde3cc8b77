using System.Text;
using System.Text.Json;
using Ungroup.Intake;
using Ungroup.Jobs;
using Ungroup.Ledger;
using Ungroup.Tests.Jobs;

namespace Ungroup.Tests.Intake;

public sealed class JobQueryTests : IAsyncDisposable
{
    private static readonly JobKey Key = new("default", "JOB-7");

    private readonly JobBench _bench = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private JobQuery Query => _bench.Get<JobQuery>();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Jobs_are_listed_the_newest_first_a_page_at_a_time()
    {
        foreach (var at in Enumerable.Range(1, 5))
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await _bench.SubmitAsync(Named($"JOB-{at}"));
        }

        var (first, next) = await ListAsync(limit: "2");
        var (second, last) = await ListAsync(limit: "3", after: next);

        Assert.Equal(["JOB-5", "JOB-4"], first);
        Assert.Equal(["JOB-3", "JOB-2", "JOB-1"], second);
        var (rest, end) = await ListAsync(after: last);
        Assert.Empty(rest);
        Assert.Null(end);
    }

    [Fact]
    public async Task Only_those_of_a_state_are_listed_however_many_others_are_newer()
    {
        await _bench.SubmitAsync(Named("JOB-7"));
        await _bench.DeliverAsync(Key);
        foreach (var at in Enumerable.Range(0, 60))
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await _bench.SubmitAsync(Named($"N-{at}"));
        }

        Assert.Equal(["JOB-7"], (await ListAsync(state: "ended")).Jobs);
        Assert.Equal(60, (await ListAsync(state: "Scheduled", limit: "200")).Jobs.Count);
        Assert.Empty((await ListAsync(state: "Running")).Jobs);
        Assert.Equal(61, (await ListAsync(account: "default", limit: "200")).Jobs.Count);
    }

    [Fact]
    public async Task Those_that_live_are_listed_a_page_at_a_time_too()
    {
        foreach (var at in Enumerable.Range(1, 5))
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            await _bench.SubmitAsync(Named($"JOB-{at}"));
        }

        var (first, next) = await ListAsync(state: "Scheduled", limit: "2");
        var (rest, end) = await ListAsync(state: "Scheduled", account: "default", limit: "3", after: next);

        Assert.Equal(["JOB-5", "JOB-4"], first);
        Assert.Equal(["JOB-3", "JOB-2", "JOB-1"], rest);
        Assert.Null(end);
    }

    [Theory]
    [InlineData("runing", null, null, null, "state", "did you mean Running?")]
    [InlineData("3", null, null, null, "state", "expected one of Scheduled")]
    [InlineData(null, "prod", null, null, "account", "which is not configured")]
    [InlineData(null, null, "0", null, "limit", "1 to 200")]
    [InlineData(null, null, "201", null, "limit", "1 to 200")]
    [InlineData(null, null, null, "jobs/x", "after", "expected `next`")]
    public async Task A_slip_in_a_question_is_told(string? state, string? account, string? limit, string? after, string member, string sentence)
    {
        var problem = Assert.Single(Assert.IsType<JobReply.Invalid>(await Query.ListAsync(state, account, limit, after, Stop)).Problems);

        Assert.Equal(member, problem.Member);
        Assert.Contains(sentence, problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_resource_of_the_plan_is_told_once_at_any_time()
    {
        _bench.World.Instances(20, "sg-legacy");
        List<string> seen = [];
        await _bench.RunAsync(JobScenarioTests.Listing(21), async job =>
        {
            var lines = await LinesAsync();
            Assert.Equal(job.Counts["total"], lines.Select(line => line.Resource).Distinct().Count());
            Assert.All(job.Counts.Where(count => count.Key != "total"), count => Assert.Equal(count.Value, lines.Count(line => line.Status == count.Key)));
            seen.AddRange(lines.Select(line => line.Status));
        });

        var ended = await LinesAsync();

        Assert.Superset(new HashSet<string> { "open", "notStarted", "Removed", "Failed" }, seen.ToHashSet());
        Assert.Equal(("JOB-7/i-00020", "Failed", "InvalidInstanceId.NotFound", null), (ended[20].RequestId, ended[20].Status, ended[20].Code, ended[20].Groups));
        Assert.Equal(["sg-legacy", "sg-other"], ended[0].Groups);
        Assert.Contains("i-00000", ended[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_to_approve_a_plan_can_read_all_of_it()
    {
        _bench.World.Instances(10_000, "sg-legacy");
        await _bench.SubmitAsync(JobScenarioTests.Listing(10_000, ",\"approval\":\"required\""));
        await _bench.DeliverAsync(Key, until: _bench.Clock.GetUtcNow().AddHours(1));

        using var json = JsonDocument.Parse(await WriteAsync((results, output) => results.WriteJsonAsync(output, Stop)));

        Assert.Equal(("JOB-7", "AwaitingApproval"), (json.RootElement.GetProperty("jobId").GetString(), json.RootElement.GetProperty("state").GetString()));
        Assert.Equal(10_000, json.RootElement.GetProperty("results").EnumerateArray().Count(line => line.GetProperty("status").GetString() == "notStarted"));
    }

    [Fact]
    public async Task A_table_has_a_line_for_each_resource_and_nothing_in_it_is_a_formula()
    {
        _bench.World.Instances(150, "sg-legacy");
        await _bench.SubmitAsync(JobScenarioTests.Listing(151).Replace("JOB-7", "-7", StringComparison.Ordinal));
        await _bench.DeliverAsync(new("default", "-7"));

        var lines = Encoding.UTF8.GetString(await WriteAsync((results, output) => results.WriteCsvAsync(output, Stop), "-7")).Split("\r\n");

        Assert.Equal(153, lines.Length);
        Assert.Equal("resource,requestId,status,code,sentence,groups", lines[0]);
        Assert.StartsWith("i-00000,'-7/i-00000,Removed,,", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(",sg-legacy sg-other", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("i-00150,'-7/i-00150,Failed,InvalidInstanceId.NotFound,", lines[151], StringComparison.Ordinal);
        Assert.Empty(lines[152]);
    }

    [Theory]
    [InlineData(3, "part:000001", 0)]
    [InlineData(250, "part:000007", 100)]
    [InlineData(250, "plan:000002", 200)]
    public async Task What_the_ledger_has_lost_is_no_short_list(int count, string row, int written)
    {
        _bench.World.Instances(count, "sg-legacy");
        await _bench.RunAsync(JobScenarioTests.Listing(count));
        await _bench.Store.Rows.WriteRowsAsync("job:default:JOB-7", [new RowChange.Delete(row)], Stop);
        var results = Assert.IsType<JobReply.Found>(await Query.ResultsAsync("JOB-7", null, Stop)).Results;
        using var output = new MemoryStream();

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => results.WriteCsvAsync(output, Stop));

        Assert.Equal(written == 0 ? 0 : written + 1, Encoding.UTF8.GetString(output.ToArray()).Split("\r\n").Length - 1);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(null, "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"no\"", "\"say \"\"no\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1,2", "\"'+1,2\"")]
    [InlineData("-1", "'-1")]
    [InlineData("@sum", "'@sum")]
    [InlineData("＝1", "'＝1")]
    public void A_cell_is_text_for_any_reader(string? value, string cell) => Assert.Equal(cell, JobResults.Cell(value));

    private static string Named(string jobId) => SomeJob.Body.Replace("JOB-7", jobId, StringComparison.Ordinal);

    private async Task<(List<string> Jobs, string? Next)> ListAsync(string? state = null, string? account = null, string? limit = null, string? after = null)
    {
        var page = JsonElement.Parse(Assert.IsType<JobReply.Listed>(await Query.ListAsync(state, account, limit, after, Stop)).ToJson());
        return ([.. page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("jobId").GetString()!)], page.TryGetProperty("next", out var next) ? next.GetString() : null);
    }

    private async Task<List<ResourceResult>> LinesAsync() =>
        await Assert.IsType<JobReply.Found>(await Query.ResultsAsync("JOB-7", null, Stop)).Results.ReadAsync(Stop).ToListAsync(Stop);

    private async Task<byte[]> WriteAsync(Func<JobResults, Stream, Task> writeAsync, string jobId = "JOB-7")
    {
        using var output = new MemoryStream();
        await writeAsync(Assert.IsType<JobReply.Found>(await Query.ResultsAsync(jobId, null, Stop)).Results, output);
        return output.ToArray();
    }
}
