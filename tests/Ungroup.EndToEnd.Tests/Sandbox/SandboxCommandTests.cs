using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Ungroup.EndToEnd.Tests.Sandbox;

public sealed class SandboxCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Terminal _cli = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_world_that_cannot_be_is_refused_with_file_and_line()
    {
        var world = _scratch.File("world.json", "{\n  \"accounts\": [],\n  \"regionz\": []\n}");

        Assert.Equal(2, await _cli.RunAsync("sandbox", "--world", world));
        Assert.Matches(@"^ungroup: world\.json\(\d+\): .+\.\s*$", _cli.Error);
    }

    [Theory]
    [InlineData("--world")]
    [InlineData("--requests")]
    public async Task A_file_that_is_not_there_is_named(string option)
    {
        Assert.Equal(2, await _cli.RunAsync("sandbox", option, _scratch.At("nowhere.json")));
        Assert.Equal($"ungroup: {option} {_scratch.At("nowhere.json")}: there is no such file.", _cli.Error.TrimEnd());
    }

    [Theory]
    [InlineData("--timeout", "0", "--timeout is 0; expected 1 to 86400.")]
    [InlineData("--port", "70000", "--port is 70000; expected 0 to 65535.")]
    [InlineData("--timeout", "soon", "Cannot parse argument 'soon'")]
    [InlineData("--wrld", "x", "Unrecognized command or argument '--wrld'")]
    public async Task Arguments_that_cannot_be_are_refused_in_a_sentence(string option, string value, string sentence)
    {
        Assert.Equal(2, await _cli.RunAsync("sandbox", option, value));
        Assert.StartsWith("ungroup: ", _cli.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--no-ecs leaves the worker of the sandbox nothing to call; expected --no-worker with it.")]
    [InlineData("--world is about ECS, and --no-ecs starts none; expected one or the other.", "--no-worker", "--world", "world.json")]
    [InlineData("--ecs-port is about ECS, and --no-ecs starts none; expected one or the other.", "--no-worker", "--ecs-port", "8080")]
    public async Task Options_that_do_not_go_together_are_refused_in_a_sentence(string sentence, params string[] options)
    {
        Assert.Equal(2, await _cli.RunAsync(["sandbox", "--no-ecs", .. options]));
        Assert.Equal($"ungroup: {sentence}", _cli.Error.TrimEnd());
    }

    [Fact]
    public async Task A_report_needs_a_directory_that_is_there()
    {
        Assert.Equal(2, await _cli.RunAsync("sandbox", "--report", _scratch.At("no/report.jsonl")));
        Assert.Contains("--report", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_taken_port_is_said_aloud_and_the_next_free_one_is_used()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        Assert.Equal(0, await _cli.RunAsync("sandbox", "--requests", _scratch.File("none.jsonl", ""), "--port", $"{taken}", "--ecs-port", "0"));
        Assert.Contains($"(port {taken} is taken)", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain($"sb://127.0.0.1:{taken} ", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_sandboxes_do_not_share_a_data_directory()
    {
        Directory.CreateDirectory(_scratch.At("data"));
        using var held = new FileStream(Path.Combine(_scratch.At("data"), "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        Assert.Equal(2, await _cli.RunAsync("sandbox", "--data", _scratch.At("data")));
        Assert.Contains("another sandbox is using this directory", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_do_not_end_in_time_are_null_in_the_report_and_make_exit_code_1()
    {
        var later = TimeProvider.System.GetUtcNow().AddDays(20).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var requests = _scratch.File("requests.jsonl", $$"""
            {"requestId":"later","instanceId":"i-demo-web-1","securityGroupId":"sg-demo-web","regionId":"cn-hangzhou","notBefore":"{{later}}"}
            {"requestId":"now","instanceId":"i-demo-web-2","securityGroupId":"sg-demo-web","regionId":"cn-hangzhou"}
            """);

        Assert.Equal(1, await _cli.RunAsync(
            "sandbox", "--requests", requests, "--report", _scratch.At("report.jsonl"), "--timeout", "3", "--port", "0", "--ecs-port", "0"));

        var report = File.ReadAllLines(_scratch.At("report.jsonl"));
        Assert.Contains("\"status\":null", report[0], StringComparison.Ordinal);
        Assert.Contains("\"status\":\"Removed\"", report[1], StringComparison.Ordinal);
        Assert.Contains("1 of 2 requests did not end", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_built_in_sample_ends_without_a_key_too()
    {
        Assert.Equal(0, await _cli.RunAsync("sandbox", "--keyless", "--port", "0", "--ecs-port", "0", "--timeout", "60", "--report", _scratch.At("report.jsonl")));
        Assert.Contains("\"status\":\"Removed\"", File.ReadAllText(_scratch.At("report.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_built_in_sample_ends_by_itself()
    {
        Assert.Equal(0, await _cli.RunAsync("sandbox", "--port", "0", "--ecs-port", "0", "--timeout", "60"));
        Assert.Contains("24 requests ended", _cli.Out, StringComparison.Ordinal);
    }
}
