using System.Text.Json;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Calls;

/// <summary>The official JavaScript client in a process of its own: js/leave.mjs.</summary>
internal sealed class JavaScriptClient : IAsyncDisposable
{
    public const string Name = "official JavaScript";

    private readonly ChildProcess _node;

    private JavaScriptClient(ChildProcess node) => _node = node;

    /// <summary>Null where it is not installed.</summary>
    public static async Task<JavaScriptClient?> StartAsync(Uri endpoint)
    {
        var script = await NodeScript.StartAsync(
            "leave.mjs", endpoint.Authority, BenchmarkWorld.KeyId, BenchmarkWorld.Secret, BenchmarkWorld.Region, BenchmarkWorld.Group);
        return script is null ? null : new(script);
    }

    public async Task<Sample> TakeAsync(IReadOnlyList<string> instances, int concurrency)
    {
        var answer = await _node.AskAsync(JsonSerializer.Serialize(new { ids = instances, concurrency }));
        using var json = JsonDocument.Parse(answer);
        return new(
            instances.Count,
            TimeSpan.FromSeconds(json.RootElement.GetProperty("seconds").GetDouble()),
            TimeSpan.FromSeconds(json.RootElement.GetProperty("cpuSeconds").GetDouble()));
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();
}
