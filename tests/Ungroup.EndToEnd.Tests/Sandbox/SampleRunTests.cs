using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ungroup.EndToEnd.Tests.Sandbox;

/// <summary>The requests of <c>Data/removals.jsonl</c> through the real worker, broker and simulator, over AMQP and HTTP.</summary>
public sealed class SampleRunTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_line_ends_as_expected()
    {
        var (report, _) = await RunAsync("report.jsonl");

        AssertExpected(report);
    }

    [Fact]
    public async Task A_second_run_with_the_same_data_decides_and_calls_nothing_again()
    {
        var (first, told) = await RunAsync("first.jsonl", "--data", _scratch.At("data"));
        var (second, output) = await RunAsync("second.jsonl", "--data", _scratch.At("data"));

        AssertExpected(first);
        AssertExpected(second);
        Assert.All(second, row => Assert.Equal(0, (int)row["ecsCalls"]!));
        Assert.All(second.Where(row => (string?)row["settlement"] == "complete"), row => Assert.True((bool)row["replayed"]!));
        Assert.Equal(first.Select(row => (string?)row["sentence"]), second.Select(row => (string?)row["sentence"]));
        Assert.Contains("ECS calls     0, 0 of them LeaveSecurityGroup", output, StringComparison.Ordinal);

        Assert.DoesNotContain("earlier runs", told, StringComparison.Ordinal);
        Assert.Contains(", which goes on as earlier runs have left it", output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        Assert.Contains("outcomes      30 received from outcomes/Subscriptions/all", told, StringComparison.Ordinal);

        // Published again under the same ids, they are duplicates, which subscribers are spared.
        Assert.Contains("outcomes      0 received from outcomes/Subscriptions/all", output, StringComparison.Ordinal);
    }

    private static void AssertExpected(IReadOnlyList<JsonObject> report)
    {
        var expected = File.ReadAllLines(Scratch.Sample("expected.jsonl")).Select(Parse).ToList();
        Assert.Equal(expected.Count, report.Count);
        foreach (var (wanted, row) in expected.Zip(report))
        {
            foreach (var (name, value) in wanted)
            {
                Assert.True(JsonNode.DeepEquals(value, row[name]), $"line {wanted["line"]}: {name} is {row[name]?.ToJsonString() ?? "null"}, expected {value?.ToJsonString() ?? "null"}; {row["sentence"]}");
            }
        }
    }

    private static JsonObject Parse(string line) => JsonSerializer.Deserialize<JsonObject>(line)!;

    private async Task<(IReadOnlyList<JsonObject> Report, string Output)> RunAsync(string report, params string[] more)
    {
        var cli = new Terminal();
        var exit = await cli.RunAsync([
            "sandbox", "--world", Scratch.Sample("world.json"), "--requests", Scratch.Sample("removals.jsonl"),
            "--report", _scratch.At(report), "--port", "0", "--ecs-port", "0", .. more]);

        Assert.Equal("", cli.Error);
        Assert.Equal(0, exit);
        return ([.. File.ReadAllLines(_scratch.At(report)).Select(Parse)], cli.Out);
    }
}
