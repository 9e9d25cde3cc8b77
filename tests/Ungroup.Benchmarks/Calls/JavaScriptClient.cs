using System.ComponentModel;
using System.Text.Json;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Calls;

/// <summary>The official JavaScript client in a process of its own: js/leave.mjs.</summary>
internal sealed class JavaScriptClient : IAsyncDisposable
{
    public const string Name = "official JavaScript";

    public const string HowToInstall =
        "The official JavaScript client is left out: install Node.js 20 or newer and run `npm ci` in tests/Ungroup.Benchmarks/js.";

    private readonly ChildProcess node;

    private JavaScriptClient(ChildProcess node) => this.node = node;

    /// <summary>Null where it is not installed.</summary>
    public static async Task<JavaScriptClient?> StartAsync(Uri endpoint)
    {
        var folder = Folder();
        try
        {
            if (Directory.Exists(Path.Combine(folder, "node_modules")))
            {
                var script = ChildProcess.Start(
                    "node",
                    Path.Combine(folder, "leave.mjs"), endpoint.Authority, BenchmarkWorld.KeyId, BenchmarkWorld.Secret,
                    BenchmarkWorld.Region, BenchmarkWorld.Group);
                await script.ReadLineAsync();
                return new(script);
            }
        }
        catch (Win32Exception)
        {
            // There is no node.
        }

        return null;
    }

    public async Task<Sample> TakeAsync(IReadOnlyList<string> instances, int concurrency)
    {
        var answer = await node.AskAsync(JsonSerializer.Serialize(new { ids = instances, concurrency }));
        using var json = JsonDocument.Parse(answer);
        return new(
            instances.Count,
            TimeSpan.FromSeconds(json.RootElement.GetProperty("seconds").GetDouble()),
            TimeSpan.FromSeconds(json.RootElement.GetProperty("cpuSeconds").GetDouble()));
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();

    private static string Folder()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Functions.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException($"No Functions.sln above {AppContext.BaseDirectory}.");
        }

        return Path.Combine(root, "tests", "Ungroup.Benchmarks", "js");
    }
}
