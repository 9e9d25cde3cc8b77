using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ungroup.EndToEnd.Tests.Sandbox;

/// <summary>Lines that are jobs, from a file to the report, with the worker and with the function app behind the queues.</summary>
public sealed class JobRunTests : IDisposable
{
    private const string Group = "\"securityGroupId\":\"sg-demo-legacy\",\"regionId\":\"cn-hangzhou\"";

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("worker")]
    [InlineData("functions")]
    public async Task A_line_that_is_a_job_is_one_row_with_its_counts_and_one_that_is_rejected_is_a_row_like_any(string host)
    {
        var requests = _scratch.File("requests.jsonl", string.Join('\n',
            $$"""{"jobId":"A",{{Group}},"resources":["i-demo-legacy-1","i-demo-legacy-2","i-nowhere"]}""",
            $$"""{"jobId":"A",{{Group}},"resources":["i-demo-legacy-1","i-demo-legacy-2","i-nowhere"]}""",
            $$"""{"jobId":"A",{{Group}},"resources":["i-demo-legacy-3"]}""",
            $$"""{"jobId":"B",{{Group}},"resources":["i-demo-legacy-3"],"dryRun":true}""",
            $$"""{"jobId":"C",{{Group}},"resources":[]}""",
            $$"""{"jobId":"D",{{Group}},"resources":["i-x1","i-x2","i-x3","i-x4"],"maxFailures":0}""",
            $$$"""{"specversion":"1.0","id":"e","source":"/s","type":"t","data":{"jobId":"E",{{{Group}}},"select":{"memberOf":"sg-demo-legacy"},"stopIfMoreThan":"0%"}}"""));
        var cli = new Terminal();
        string[] ofTheApp = host == "functions" ? ["--http-port", "0"] : [];

        Assert.Equal(0, await cli.RunAsync(
            ["sandbox", "--host", host, "--requests", requests, "--report", _scratch.At("report.jsonl"), "--port", "0", "--ecs-port", "0", .. ofTheApp]));

        var report = File.ReadAllLines(_scratch.At("report.jsonl")).Select(line => JsonSerializer.Deserialize<JsonObject>(line)!).ToList();
        Assert.Equal(
            [
                "A Completed  {\"total\":3,\"open\":0,\"notStarted\":0,\"Failed\":1,\"Removed\":2}",
                "A Completed  {\"total\":3,\"open\":0,\"notStarted\":0,\"Failed\":1,\"Removed\":2}",
                "A Rejected IdempotencyConflict ",
                "B Completed  {\"total\":1,\"open\":0,\"notStarted\":0,\"Planned\":1}",
                "C Rejected InvalidRequest ",
                "D Stopped  {\"total\":4,\"open\":0,\"notStarted\":3,\"Failed\":1}",
                "E Stopped  {\"total\":0,\"open\":0,\"notStarted\":0}",
            ],
            report.Select(row => $"{row["jobId"]} {row["status"]} {row["code"]} {row["counts"]?.ToJsonString()}"));
        Assert.DoesNotContain("A/i-demo-legacy-1", cli.Out, StringComparison.Ordinal);
        Assert.Contains("jobs          4 with 8 resources: ", cli.Out, StringComparison.Ordinal);
    }
}
