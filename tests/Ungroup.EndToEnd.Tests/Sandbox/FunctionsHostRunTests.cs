using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ungroup.Cli.Sandbox;
using Ungroup.Cli.Sandbox.Functions;
using Ungroup.EndToEnd.Tests.Functions;

namespace Ungroup.EndToEnd.Tests.Sandbox;

/// <summary><c>sandbox --host functions</c>: the same run as without, with the function app's own process behind the queues.</summary>
public sealed class FunctionsHostRunTests : IDisposable
{
    // The rest depends on timing, or is only known to a worker that says it.
    private static readonly string[] Compared = ["line", "messageId", "requestId", "status", "code", "settlement", "deadLettered", "replayed", "confirmedByReadBack"];

    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_line_of_the_samples_ends_as_expected()
    {
        var (report, output) = await RunAsync("report.jsonl", "--world", Scratch.Sample("world.json"), "--requests", Scratch.Sample("removals.jsonl"));

        var expected = File.ReadAllLines(Scratch.Sample("expected.jsonl")).Select(Parse).ToList();
        Assert.Equal(expected.Count, report.Count);
        foreach (var (wanted, row) in expected.Zip(report))
        {
            Assert.All(wanted, member => Assert.True(JsonNode.DeepEquals(member.Value, row[member.Key]), $"{member.Key} of {row.ToJsonString()}, expected {wanted.ToJsonString()}"));
            Assert.False(row.ContainsKey("ecsCalls"));
            Assert.InRange((int)row["deliveries"]!, 1, 1000);
        }

        Assert.Contains("host    stands in for the Azure Functions host", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^http    http://127\.0\.0\.1:\d+/api/removals   x-functions-key: \w+$", output);
        Assert.Contains("31 requests ended", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_with_the_same_data_decides_and_calls_nothing_again()
    {
        string[] same = ["--world", Scratch.Sample("world.json"), "--requests", Scratch.Sample("removals.jsonl"), "--data", _scratch.At("data")];
        var (first, firstOutput) = await RunAsync("first.jsonl", same);
        var (second, output) = await RunAsync("second.jsonl", same);

        Assert.Equal(first.Select(row => (string?)row["sentence"]), second.Select(row => (string?)row["sentence"]));
        Assert.Contains("ECS calls     0, 0 of them LeaveSecurityGroup", output, StringComparison.Ordinal);
        Assert.Contains("outcomes      30 received from ", firstOutput, StringComparison.Ordinal);
        Assert.Contains("outcomes      0 received from ", output, StringComparison.Ordinal);
        Assert.Equal(KeyIn(firstOutput), KeyIn(output));
    }

    [Fact]
    public async Task Every_kind_of_fault_ends_as_with_the_worker_in_process()
    {
        string[] same = ["--world", _scratch.File("world.json", FaultyWorld.Text), "--requests", _scratch.File("requests.jsonl", FaultyWorld.Requests)];

        var (app, _) = await RunAsync("app.jsonl", same);
        var (worker, _) = await RunAsync("worker.jsonl", host: "worker", same);

        Assert.Equal(FaultyWorld.Lines, app.Count);
        Assert.Equal(worker.Select(Facts), app.Select(Facts));
        Assert.All(worker, row => Assert.True(row.ContainsKey("ecsCalls")));
    }

    [Fact]
    public async Task SIGTERM_ends_the_sandbox_and_the_process_of_the_app_with_it()
    {
        var world = _scratch.File("world.json", CallsUnderWay.World(4, delayMs: 3000));
        var requests = _scratch.File("requests.jsonl", string.Join('\n', Enumerable.Range(1, 4).Select(number => CallsUnderWay.Request(number).Body)));
        string[] arguments =
        [
            "sandbox", "--host", "functions", "--world", world, "--requests", requests, "--data", _scratch.At("data"),
            "--port", "0", "--ecs-port", "0", "--http-port", "0",
        ];
        await using (var sandbox = CliProcess.Start(arguments))
        {
            var process = int.Parse((await sandbox.LineAsync("app ", Stop)).Split("process ")[1], CultureInfo.InvariantCulture);
            var ecs = new Uri(await sandbox.LineAsync("ecs ", Stop));
            await sandbox.UntilAsync(async () => await CallsUnderWay.CountAsync(ecs, Stop) > 0, () => "no call began", Stop);

            Assert.Equal(1, await sandbox.StopAsync(Stop));
            Assert.Throws<ArgumentException>(() => Process.GetProcessById(process));
        }

        // All that had begun was finished and written down; the rest was left to the next run.
        var (report, _) = await RunAsync("report.jsonl", "--world", world, "--requests", requests, "--data", _scratch.At("data"));
        Assert.All(report, row => Assert.Equal("Removed", (string?)row["status"]));
        Assert.All(report, row => Assert.False((bool)row["confirmedByReadBack"]!));
    }

    [Fact]
    public void Without_a_checkout_it_says_that_it_needs_one()
    {
        var refused = Assert.Throws<SandboxRefusedException>(() => FunctionAppFolder.Find(_scratch.At("tools")));
        Assert.Contains("dotnet run --project src/Ungroup.Cli -- sandbox --host functions", refused.Message, StringComparison.Ordinal);

        // And where the build is, it is found.
        Assert.Equal(FunctionApp.BuildOutput, FunctionAppFolder.Find(AppContext.BaseDirectory));
    }

    [Theory]
    [InlineData("--host is elsewhere; expected worker or functions.", "--host", "elsewhere")]
    [InlineData("--host functions starts the function app, and --no-worker nothing; expected one or the other.", "--host", "functions", "--no-worker")]
    [InlineData("--ledger is about the function app; expected --host functions with it.", "--ledger", "table")]
    [InlineData("--http-port is about the function app; expected --host functions with it.", "--host", "worker", "--http-port", "7071")]
    public async Task Options_that_do_not_go_together_are_refused_in_a_sentence(string sentence, params string[] options)
    {
        var cli = new Terminal();

        Assert.Equal(2, await cli.RunAsync(["sandbox", .. options]));
        Assert.Equal($"ungroup: {sentence}", cli.Error.TrimEnd());
    }

    private static string KeyIn(string output) => output.Split("x-functions-key: ")[1].Split('\n')[0];

    private static string Facts(JsonObject row) => string.Join(' ', Compared.Select(name => $"{name}={row[name]?.ToJsonString()}"));

    private static JsonObject Parse(string line) => JsonSerializer.Deserialize<JsonObject>(line)!;

    private Task<(IReadOnlyList<JsonObject> Report, string Output)> RunAsync(string report, params string[] more) => RunAsync(report, "functions", more);

    private async Task<(IReadOnlyList<JsonObject> Report, string Output)> RunAsync(string report, string host, string[] more)
    {
        var cli = new Terminal();
        string[] ports = host == "functions" ? ["--port", "0", "--ecs-port", "0", "--http-port", "0"] : ["--port", "0", "--ecs-port", "0"];
        var exit = await cli.RunAsync(["sandbox", "--host", host, "--report", _scratch.At(report), "--timeout", "300", .. ports, .. more]);

        Assert.Equal("", cli.Error);
        Assert.True(exit == 0, cli.Out);
        return ([.. File.ReadAllLines(_scratch.At(report)).Select(Parse)], cli.Out);
    }
}
