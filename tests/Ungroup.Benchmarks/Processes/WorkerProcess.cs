using System.Text.Json;
using Ungroup.Cli;

namespace Ungroup.Benchmarks.Processes;

/// <summary>A worker of either kind, reading a queue.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    public const string Argument = "worker";

    private readonly DirectoryInfo? _folder;

    private WorkerProcess(ChildProcess process, DirectoryInfo? folder) => (Process, _folder) = (process, folder);

    public ChildProcess Process { get; }

    /// <summary>Made of the official JavaScript clients, without a ledger; null where they are not installed.</summary>
    public static async Task<WorkerProcess?> StartJavaScriptAsync(string bus, Uri ecs, int concurrency)
    {
        var process = await NodeScript.StartAsync(
            "worker.mjs", bus, BrokerServer.Requests, BrokerServer.Outcomes, $"{concurrency}", ecs.Authority,
            BenchmarkWorld.KeyId, BenchmarkWorld.Secret);
        return process is null ? null : new(process, folder: null);
    }

    /// <summary><c>ungroup worker</c> as it ships, logging included, with a folder of its own for settings and ledger.</summary>
    public static WorkerProcess Start(string bus, Uri ecs, string ledger, int concurrency)
    {
        // Beside the program and not under /tmp, which may be memory: the ledger syncs to a disk.
        var home = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"worker-{Guid.NewGuid():N}"));
        var settings = Path.Combine(home.FullName, "settings.json");
        File.WriteAllText(settings, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Worker"] = new { Bus = bus, Queues = BrokerServer.Requests, BrokerServer.Outcomes, Concurrency = concurrency },
            ["Ledger"] = new { Kind = ledger, Path = Path.Combine(home.FullName, "ledger.db") },
            ["Ecs"] = new { Endpoint = ecs.ToString() },

            // Told, and out of reach: how a quota is learned and kept is what `-- pace` is about.
            ["Pace"] = new { Quotas = new { LeaveSecurityGroup = 1_000_000 } },
            ["Accounts"] = new
            {
                @default = new { Credentials = "Static", AccessKeyId = BenchmarkWorld.KeyId, AccessKeySecret = BenchmarkWorld.Secret },
            },
        }));
        var process = ChildProcess.StartSelf(Argument, "--settings", settings);
        process.Drain();
        return new(process, home);
    }

    public static async Task<int> RunAsync(string[] args)
    {
        using var signals = new StopSignals();
        return await CommandLine.RunAsync(args, Shell.OfProcess(), signals.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder?.Delete(recursive: true);
    }
}
