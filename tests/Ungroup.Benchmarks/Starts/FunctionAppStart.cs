using System.Diagnostics;
using Ungroup.Benchmarks.Processes;
using Ungroup.FunctionsHost;

namespace Ungroup.Benchmarks.Starts;

/// <summary>One start of the function app: from the start of its process to its first settled message, with the host already there.</summary>
internal static class FunctionAppStart
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<FirstMessage> RunAsync(string folder, string bus, Uri ecs)
    {
        // Beside the program and not under /tmp, which may be memory: the ledger syncs to a disk.
        var home = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"app-{Guid.NewGuid():N}"));
        var started = 0L;
        var settled = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await using var host = await LaptopHost.StartAsync(
                new()
                {
                    AppDirectory = folder,
                    Settings = Settings(bus, ecs, home),
                    HttpPort = 0,
                    Watch = new()
                    {
                        Starting = () => started = Stopwatch.GetTimestamp(),
                        Settled = (_, _) => settled.TrySetResult(Stopwatch.GetElapsedTime(started)),
                    },
                },
                CancellationToken.None);
            var wait = await settled.Task.WaitAsync(Patience, TimeProvider.System);
            using var process = Process.GetProcessById(host.WorkerProcessId);
            return new(wait, process.TotalProcessorTime, process.PeakWorkingSet64);
        }
        finally
        {
            home.Delete(recursive: true);
        }
    }

    private static Dictionary<string, string> Settings(string bus, Uri ecs, DirectoryInfo home) => new()
    {
        ["ServiceBus"] = bus,
        ["Outcomes__Topic"] = BrokerServer.Outcomes,
        ["Ledger__Kind"] = "Sqlite",
        ["Ledger__Path"] = Path.Combine(home.FullName, "ledger.db"),
        ["Ecs__Endpoint"] = ecs.ToString(),

        // Speed is the subject, and this ECS has no quota: nothing of it is to be learned step by step.
        ["Pace__Quotas__LeaveSecurityGroup"] = "1000000",
        ["Guardrails__MostPerHour"] = "1000000",
        ["Accounts__default__Credentials"] = "Static",
        ["Accounts__default__AccessKeyId"] = BenchmarkWorld.KeyId,
        ["Accounts__default__AccessKeySecret"] = BenchmarkWorld.Secret,
    };
}
