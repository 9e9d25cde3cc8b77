using System.Text;
using Azure.Messaging.ServiceBus;
using Ungroup.Cli.Sandbox;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Ecs;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.Support;

/// <summary>A broker and an ECS in the test's hands, for workers in processes of their own.</summary>
internal sealed class RunningCloud : IAsyncDisposable
{
    private RunningCloud(ServiceBusBroker broker, EcsSimulator ecs) => (Broker, Ecs) = (broker, ecs);

    public ServiceBusBroker Broker { get; }

    public EcsSimulator Ecs { get; }

    public static async Task<RunningCloud> StartAsync(World world, TimeSpan? lockDuration = null) => new(
        await ServiceBusBroker.StartAsync(new()
        {
            Port = 0,
            Queues = [.. from name in (string[])["removals", "removals-incident", "removals-jobs"] select new QueueOptions { Name = name, LockDuration = lockDuration ?? TimeSpan.FromSeconds(30) }],
            Topics = [Cloud.Topic(TimeSpan.FromSeconds(30))],
        }),
        await EcsSimulator.StartAsync(world));

    public ToldOutcomes Subscribe() => new(Broker.ConnectionString);

    public CliProcess StartWorker(WorkerLedger ledger, params IEnumerable<(string Name, string Value)> environment) =>
        WorkerProcess.Start(Broker.ConnectionString, Ecs.Address, ledger, environment);

    public Task SendAsync(IEnumerable<(string MessageId, string Body)> requests, CancellationToken cancellationToken) =>
        SendAsync(Broker.ConnectionString, requests, cancellationToken);

    public static async Task SendAsync(
        string bus, IEnumerable<(string MessageId, string Body)> requests, CancellationToken cancellationToken)
    {
        await using var client = new ServiceBusClient(bus);
        await RequestFeed.SendAsync(
            client.CreateSender("removals"),
            requests.Select(request => (request.MessageId, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(request.Body))),
            cancellationToken);
    }

    public QueueCounts Queue(string name) => Broker.Counts().Single(counts => counts.Name == name);

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await Ecs.DisposeAsync();
    }
}
