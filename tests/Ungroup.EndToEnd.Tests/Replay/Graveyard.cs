using Azure.Messaging.ServiceBus;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Replay;

/// <summary>A cloud whose dead-letter queue a test fills, a ledger, and the command that replays.</summary>
internal sealed class Graveyard : IAsyncDisposable
{
    private readonly Scratch _scratch = new();

    private Graveyard(RunningCloud cloud)
    {
        Cloud = cloud;
        Ledger = _scratch.File("ledger.db", "");
    }

    public RunningCloud Cloud { get; }

    public Terminal Terminal { get; } = new();

    public string Ledger { get; }

    public long Left => Cloud.Queue("removals").DeadLettered;

    public long Waiting => Cloud.Queue("removals").Active + Cloud.Queue("removals").Locked;

    public long Removed(int instances) => Enumerable.Range(0, instances)
        .Sum(number => Cloud.Ecs.World.EffectiveLeaves(CrashWorld.Instance(number), CrashWorld.Group));

    public static async Task<Graveyard> OpenAsync(int instances) =>
        new(await RunningCloud.StartAsync(CrashWorld.Create(instances, withFaults: false)));

    public CliProcess StartWorker() => Cloud.StartWorker(new(["--ledger", "sqlite", "--ledger-path", Ledger], []));

    /// <summary>Sends messages, and buries them before any worker sees them.</summary>
    public async Task BuryAsync(params IReadOnlyCollection<(string MessageId, string Body)> messages)
    {
        await Cloud.SendAsync(messages, Terminal.Patience);
        await BuryNextAsync(messages.Count);
    }

    public async Task BuryNextAsync(int count)
    {
        await using var client = new ServiceBusClient(Cloud.Broker.ConnectionString);
        await using var receiver = client.CreateReceiver("removals");
        for (var buried = 0; buried < count;)
        {
            var messages = await receiver.ReceiveMessagesAsync(count - buried, TimeSpan.FromSeconds(20), Terminal.Patience);
            Assert.NotEmpty(messages);
            await Task.WhenAll(messages.Select(message =>
                receiver.DeadLetterMessageAsync(message, "MaxDeliveryCountExceeded", "for a test", Terminal.Patience)));
            buried += messages.Count;
        }
    }

    public Task<int> ReplayAsync(params string[] more) =>
        Terminal.RunAsync(["replay", "--bus", Cloud.Broker.ConnectionString, "--ledger-path", Ledger, .. more]);

    public async ValueTask DisposeAsync()
    {
        await Cloud.DisposeAsync();
        _scratch.Dispose();
    }
}
