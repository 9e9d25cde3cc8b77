using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Ungroup.Cli.Amqp;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Replay;

/// <summary>A cloud whose dead-letter queue a test fills, a ledger, and the command that replays.</summary>
internal sealed class Graveyard : IAsyncDisposable
{
    private static readonly Error Dead = new(new Symbol("com.microsoft:dead-letter"))
    {
        Info = new Fields
        {
            [new Symbol("DeadLetterReason")] = "MaxDeliveryCountExceeded",
            [new Symbol("DeadLetterErrorDescription")] = "for a test",
        },
    };

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
        await using var bus = await BusConnection.OpenAsync(Cloud.Bus, TimeProvider.System, Terminal.Patience);
        var link = await Attachment.ReceiverAsync(bus, "removals", null, TimeProvider.System, Terminal.Patience);
        for (var buried = 0; buried < count; buried++)
        {
            var message = await link.ReceiveAsync(TimeSpan.FromSeconds(20));
            Assert.NotNull(message);
            link.Reject(message, Dead);
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
