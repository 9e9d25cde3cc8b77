using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ungroup.Cli.Sandbox.Screen;
using Ungroup.Cli.Worker;
using Ungroup.Quotas;

namespace Ungroup.Cli.Sandbox;

/// <summary>The worker of <c>ungroup worker</c>, with settings that lead to this process's own cloud.</summary>
internal sealed class SandboxWorker(IHost host, TimeProvider clock) : ISandboxHost
{
    public PaceLine Pace { get; } = new(host.Services.GetRequiredService<QuotaLimiters>(), clock);

    public bool CountsCalls => true;

    public Task Completion { get; } = Task.Delay(Timeout.InfiniteTimeSpan, clock);

    public static async Task<SandboxWorker> StartAsync(
        Cloud cloud, IEnumerable<KeyValuePair<string, string?>> accounts, DataDirectory? data, WorkerSurroundings surroundings, ILoggerProvider notes,
        CancellationToken cancellationToken)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Settings(cloud, data)).AddInMemoryCollection(accounts).Build();
        var host = WorkerHost.Build(configuration, surroundings, logging => logging.AddProvider(notes).SetMinimumLevel(LogLevel.Warning));
        await host.StartAsync(cancellationToken);
        return new(host, surroundings.Clock);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync(CancellationToken.None);
        host.Dispose();
    }

    private static IEnumerable<KeyValuePair<string, string?>> Settings(Cloud cloud, DataDirectory? data)
    {
        yield return new("Worker:Bus", cloud.Broker.ConnectionString);
        yield return new("Worker:Queues", $"{Cloud.Requests},{Cloud.Incidents},{Cloud.Jobs}");
        yield return new("Worker:Outcomes", Cloud.Outcomes);
        yield return new("Ecs:Endpoint", cloud.Ecs?.Address.ToString() ?? throw new UnreachableException());
        yield return new("Ledger:Kind", data is null ? "Memory" : "Sqlite");
        yield return new("Ledger:Path", data?.Ledger ?? "unused");
    }
}
