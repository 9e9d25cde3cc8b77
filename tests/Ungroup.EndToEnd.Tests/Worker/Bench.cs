using System.Collections.Concurrent;
using System.Text;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ungroup.Cli.Sandbox;
using Ungroup.Cli.Worker;
using Ungroup.Messages;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Ecs;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.Worker;

/// <summary>A broker, an ECS and, when asked for, workers: each can be stopped and started apart from the others.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private readonly ConcurrentQueue<(Delivery Delivery, Settlement Settlement)> _settled = new();
    private readonly ConcurrentQueue<Delivery> _began = new();
    private readonly ConcurrentDictionary<Delivery, (long Began, long Ended)> _held = new(ReferenceEqualityComparer.Instance);
    private ServiceBusBroker? _broker;
    private EcsSimulator? _ecs;
    private int _port;

    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    public Dictionary<string, string?> Settings { get; } = [];

    public IReadOnlyCollection<(Delivery Delivery, Settlement Settlement)> Settled => _settled;

    public IReadOnlyCollection<Delivery> Began => _began;

    public World World => _ecs!.World;

    public RequestLog Calls => _ecs!.Requests;

    public string ConnectionString => _broker!.ConnectionString;

    public QueueCounts CountsOf(string queue) => _broker!.Counts().Single(counts => counts.Name == queue);

    /// <summary>How long the delivery that was held longest was in the worker's hands.</summary>
    public TimeSpan LongestHeld => _held.Values.Where(held => held.Ended > 0).Max(held => TimeProvider.System.GetElapsedTime(held.Began, held.Ended));

    public async Task StartEcsAsync(string faults = "", string quotas = "", string denials = "") =>
        _ecs = await EcsSimulator.StartAsync(WorldOf(faults, quotas, denials), ct: Terminal.Patience);

    public async Task StartBrokerAsync()
    {
        _broker = await ServiceBusBroker.StartAsync(
            new()
            {
                Port = _port,
                NextFreePort = false,
                Key = "a-key",
                JournalPath = _scratch.At("journal.db"),
                Queues = [.. from name in (string[])["removals", "removals-incident", "removals-jobs"] select new QueueOptions { Name = name, LockDuration = LockDuration }],
                Topics = [Cloud.Topic(LockDuration)],
            },
            Terminal.Patience);
        _port = _broker.Port;
    }

    public ValueTask StopBrokerAsync() => _broker!.DisposeAsync();

    public async Task<IHost> StartWorkerAsync()
    {
        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Worker:Bus"] = ConnectionString,
            ["Ecs:Endpoint"] = _ecs!.Address.ToString(),
            ["Ledger:Path"] = _scratch.At("ledger.db"),
            ["Accounts:default:Credentials"] = "Static",
            ["Accounts:default:AccessKeyId"] = "key",
            ["Accounts:default:AccessKeySecret"] = "secret",
        }).AddInMemoryCollection(Settings).Build();
        var watch = new DeliveryWatch(Begin, Settle);
        var host = WorkerHost.Build(
            configuration, new WorkerSurroundings(TimeProvider.System, () => 0.5, watch, line => ready.TrySetResult(line)), _ => { });
        await host.StartAsync(Terminal.Patience);
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(20), Terminal.Patience);
        return host;
    }

    public async Task SendAsync(string queue, params ServiceBusMessage[] messages)
    {
        await using var client = new ServiceBusClient(ConnectionString);
        await using var sender = client.CreateSender(queue);
        foreach (var message in messages)
        {
            await sender.SendMessageAsync(message, Terminal.Patience);
        }
    }

    public static ServiceBusMessage Request(int number, string more = "") => OutgoingMessage.Request(
        $"m-{number}", Encoding.UTF8.GetBytes($$"""{"requestId":"r-{{number}}","instanceId":"i-{{number}}","securityGroupId":"sg-web","regionId":"cn-hangzhou"{{more}}}"""));

    /// <summary>Waits for a fact, not for a time.</summary>
    public static Task UntilAsync(Func<bool> fact, string what) => UntilAsync(fact, what, TimeSpan.FromSeconds(30));

    public static async Task UntilAsync(Func<bool> fact, string what, TimeSpan within)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = new CancellationTokenSource(within, TimeProvider.System);
        while (!fact())
        {
            Assert.False(patience.IsCancellationRequested, $"It never came that {what}.");
            await timer.WaitForNextTickAsync(Terminal.Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _broker!.DisposeAsync();
        if (_ecs is not null)
        {
            await _ecs.DisposeAsync();
        }

        _scratch.Dispose();
    }

    private void Begin(Delivery delivery)
    {
        _held[delivery] = (TimeProvider.System.GetTimestamp(), 0);
        _began.Enqueue(delivery);
    }

    private void Settle(Delivery delivery, Settlement settlement)
    {
        _held[delivery] = (_held[delivery].Began, TimeProvider.System.GetTimestamp());
        _settled.Enqueue((delivery, settlement));
    }

    private static World WorldOf(string faults, string quotas, string denials)
    {
        var instances = string.Join(",", Enumerable.Range(1, 50).Select(number => $$"""{"instanceId":"i-{{number}}","securityGroupIds":["sg-base","sg-web"]}"""));
        return World.Parse(
            $$"""
            {"accounts":[{"name":"default","accountId":"1","accessKeyId":"key","accessKeySecret":"secret"},
              {"name":"other","accountId":"2","accessKeyId":"other-key","accessKeySecret":"other-secret"}],
             "regions":[{"regionId":"cn-hangzhou","securityGroups":[{"securityGroupId":"sg-base","vpcId":"v"},{"securityGroupId":"sg-web","vpcId":"v"}],
             "instances":[{{instances}}]},
             {"regionId":"cn-beijing"},
             {"regionId":"cn-hangzhou","account":"other","securityGroups":[{"securityGroupId":"sg-other","vpcId":"v"},{"securityGroupId":"sg-other-base","vpcId":"v"}],
             "instances":[{"instanceId":"i-other","securityGroupIds":["sg-other","sg-other-base"]}]}],
             "faults":[{{faults}}],"quotas":[{{quotas}}],"denials":[{{denials}}]}
            """,
            "bench.json");
    }
}
