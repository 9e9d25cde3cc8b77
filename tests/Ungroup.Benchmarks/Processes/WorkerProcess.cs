using System.Text.Json;
using Ungroup.Cli;
using Ungroup.Cli.Terminal;

namespace Ungroup.Benchmarks.Processes;

/// <summary>A worker of either kind, reading a queue.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    public const string Argument = "worker";

    private readonly DirectoryInfo? _folder;

    private WorkerProcess(ChildProcess process, DirectoryInfo? folder) => (Process, _folder) = (process, folder);

    public ChildProcess Process { get; }

    /// <summary>The size of the SQLite ledger on disk, its write-ahead log included.</summary>
    public long LedgerBytes => _folder?.EnumerateFiles("ledger.db*").Sum(file => file.Length) ?? 0;

    /// <summary>The file of its settings, for other commands.</summary>
    public string Settings => Path.Combine(_folder!.FullName, "settings.json");

    /// <summary>Made of the official JavaScript clients, without a ledger; null where they are not installed.</summary>
    public static async Task<WorkerProcess?> StartJavaScriptAsync(string bus, Uri ecs, int concurrency)
    {
        var process = await NodeScript.StartAsync(
            "worker.mjs", bus, BrokerServer.Requests, BrokerServer.Outcomes, $"{concurrency}", ecs.Authority,
            BenchmarkWorld.KeyId, BenchmarkWorld.Secret);
        return process is null ? null : new(process, folder: null);
    }

    /// <summary>The loop of the official .NET client, on the runtime settings of <c>ungroup</c>.</summary>
    public static async Task<WorkerProcess> StartDotNetAsync(string bus, Uri plain, int concurrency)
    {
        var process = ChildProcess.StartSelfAs(
            typeof(StopSignals).Assembly, Pipe.DotNetLoop.Argument, bus, BrokerServer.Requests, BrokerServer.Outcomes, $"{concurrency}", plain.ToString());
        await process.ReadLineAsync();
        return new(process, folder: null);
    }

    /// <summary><c>ungroup worker</c> as it ships, logging included, with a folder of its own for settings and ledger.</summary>
    /// <param name="bus">The broker's connection string.</param>
    /// <param name="ecs">The simulator.</param>
    /// <param name="ledger">The kind of its ledger.</param>
    /// <param name="concurrency">Messages at once.</param>
    /// <param name="program">A published <c>ungroup</c>; null for the one in this program.</param>
    /// <param name="queues">Those that it reads, with commas.</param>
    /// <param name="quotas">The APIs whose quota is told.</param>
    public static WorkerProcess Start(
        string bus, Uri ecs, string ledger, int concurrency, string? program = null, string queues = BrokerServer.Requests, params IEnumerable<string> quotas)
    {
        // Beside the program and not under /tmp, which may be memory: the ledger syncs to a disk.
        var home = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"worker-{Guid.NewGuid():N}"));
        var settings = Path.Combine(home.FullName, "settings.json");
        File.WriteAllText(settings, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Worker"] = new { Bus = bus, Queues = queues, BrokerServer.Outcomes, Concurrency = concurrency },
            ["Ledger"] = new { Kind = ledger, Path = Path.Combine(home.FullName, "ledger.db") },
            ["Ecs"] = new { Endpoint = ecs.ToString() },

            // Speed is the subject: no hour has a number, and this ECS has no quota of which something were to be learned step by step.
            ["Guardrails"] = new { MostPerHour = 1_000_000 },
            ["Pace"] = new { Quotas = quotas.Append("LeaveSecurityGroup").Distinct().ToDictionary(action => action, _ => 1_000_000) },
            ["Accounts"] = new
            {
                @default = new { Credentials = "Static", AccessKeyId = BenchmarkWorld.KeyId, AccessKeySecret = BenchmarkWorld.Secret },
            },
        }));
        string[] arguments = [Argument, "--settings", settings];
        var process = program is null ? ChildProcess.StartSelfAs(typeof(StopSignals).Assembly, arguments) : ChildProcess.Start(program, arguments);
        process.Drain();
        return new(process, home);
    }

    /// <summary>One that drives jobs, and knows the quotas.</summary>
    /// <param name="bus">The broker's connection string.</param>
    /// <param name="ecs">The simulator.</param>
    /// <param name="tables">A storage account's connection string; null for a SQLite ledger.</param>
    /// <param name="callsAMinute">The quota of each.</param>
    /// <param name="apis">The APIs that have one.</param>
    public static WorkerProcess StartForJobs(string bus, Uri ecs, string? tables, int callsAMinute, IEnumerable<string> apis)
    {
        var home = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"worker-{Guid.NewGuid():N}"));
        var settings = Path.Combine(home.FullName, "settings.json");
        File.WriteAllText(settings, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["Worker"] = new { Bus = bus, BrokerServer.Outcomes },
            ["Ledger"] = tables is null ? (object)new { Kind = "Sqlite", Path = Path.Combine(home.FullName, "ledger.db") } : new { Kind = "Table", ConnectionString = tables },
            ["Ecs"] = new { Endpoint = ecs.ToString() },
            ["Pace"] = new { Quotas = apis.ToDictionary(action => action, _ => callsAMinute) },
            ["Accounts"] = new
            {
                @default = new { Credentials = "Static", AccessKeyId = BenchmarkWorld.KeyId, AccessKeySecret = BenchmarkWorld.Secret },
            },
        }));
        var process = ChildProcess.StartSelfAs(typeof(StopSignals).Assembly, Argument, "--settings", settings);
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
        if (_folder?.Exists == true)
        {
            _folder.Delete(recursive: true);
            _folder.Refresh();
        }
    }
}
