using Ungroup.Sandbox.Broker;

namespace Ungroup.Benchmarks.Processes;

/// <summary>The broker, in memory: it stands in for a service somewhere else, and its own disk is not the subject.</summary>
internal sealed class BrokerServer : IAsyncDisposable
{
    public const string Argument = "serve-broker";
    public const string Requests = "removals";
    public const string Incidents = "removals-incident";
    public const string Outcomes = "outcomes";

    private BrokerServer(ChildProcess process, string connectionString) => (Process, ConnectionString) = (process, connectionString);

    public ChildProcess Process { get; }

    public string ConnectionString { get; }

    public static async Task<BrokerServer> StartAsync()
    {
        var process = ChildProcess.StartServer(spins: false, Argument);
        return new(process, await process.ReadLineAsync());
    }

    public static async Task<int> ServeAsync()
    {
        await using var broker = await ServiceBusBroker.StartAsync(
            new() { Port = 0, Queues = [new() { Name = Requests }, new() { Name = Incidents }, new() { Name = Outcomes }] });
        Console.WriteLine(broker.ConnectionString);
        while (await Console.In.ReadLineAsync() is not null)
        {
            var counts = broker.Counts().ToDictionary(queue => queue.Name);
            var requests = counts[Requests];
            Console.WriteLine($"{requests.Active + requests.Locked + requests.Scheduled} {requests.DeadLettered} {counts[Outcomes].Active}");
        }

        return 0;
    }

    public async Task<Backlog> CountAsync() =>
        (await Process.AskAsync("count")).Split(' ').Select(int.Parse).ToArray() is [var open, var dead, var outcomes]
            ? new(open, dead, outcomes)
            : throw new InvalidOperationException("The broker process counts differently.");

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}

/// <summary>The messages in the broker: requests that are not settled, dead letters, and outcome events.</summary>
internal sealed record Backlog(int Open, int DeadLettered, int Outcomes);
