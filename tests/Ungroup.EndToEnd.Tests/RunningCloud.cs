using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Ungroup.Cli;
using Ungroup.Cli.Amqp;
using Ungroup.Cli.Sandbox;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests;

/// <summary>A broker and an ECS in the test's hands, and everything that was told on the outcomes queue.</summary>
internal sealed class RunningCloud : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private OutcomeSubscriber? _subscriber;

    private RunningCloud(ServiceBusBroker broker, EcsSimulator ecs) => (Broker, Ecs) = (broker, ecs);

    public ServiceBusBroker Broker { get; }

    public EcsSimulator Ecs { get; }

    /// <summary>Events by id: the requests they are about, as often as they were told.</summary>
    public ConcurrentDictionary<string, ConcurrentQueue<JsonNode>> Told { get; } = new();

    public BusAddress Bus => BusAddress.TryParse(Broker.ConnectionString, out var bus, out var problem) ? bus : throw new FormatException(problem);

    public static async Task<RunningCloud> StartAsync(World world, TimeSpan? lockDuration = null)
    {
        var length = lockDuration ?? TimeSpan.FromSeconds(30);
        var broker = await ServiceBusBroker.StartAsync(new()
        {
            Port = 0,
            Queues = [.. from name in (string[])["removals", "removals-incident", "outcomes"] select new QueueOptions { Name = name, LockDuration = length }],
        });
        return new(broker, await EcsSimulator.StartAsync(world));
    }

    public void Subscribe() => _subscriber = new(
        Bus,
        delivery => Told.GetOrAdd(delivery.MessageId, _ => new()).Enqueue(JsonNode.Parse(delivery.Body.Span)!),
        Shell.OfProcess());

    public async Task SendAsync(IEnumerable<(string MessageId, string Body)> requests, CancellationToken cancellationToken)
    {
        await using var connection = await SendingConnection.OpenAsync(Bus, "removals", TimeProvider.System, cancellationToken);
        await RequestFeed.SendAsync(
            connection,
            requests.Select(request => (request.MessageId, (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(request.Body))),
            cancellationToken);
    }

    /// <summary>Waits for a fact while a worker runs; the time-out is only there so that a broken build ends.</summary>
    public static async Task UntilAsync(WorkerProcess worker, Func<bool> fact, Func<string> otherwise, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(LongestWait, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!fact())
        {
            if (time.IsCancellationRequested || worker.HasExited)
            {
                Assert.Fail($"{otherwise()}, worker {(worker.HasExited ? "gone" : "running")}:\n{worker.Output}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public QueueCounts Queue(string name) => Broker.Counts().Single(counts => counts.Name == name);

    public async ValueTask DisposeAsync()
    {
        if (_subscriber is not null)
        {
            await _subscriber.DisposeAsync();
        }

        await Broker.DisposeAsync();
        await Ecs.DisposeAsync();
    }
}
