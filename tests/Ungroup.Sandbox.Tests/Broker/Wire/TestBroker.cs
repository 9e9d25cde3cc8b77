using Amqp;
using Amqp.Framing;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>A broker on a free port of loopback, and AMQPNetLite clients for it.</summary>
internal sealed class TestBroker : IAsyncDisposable
{
    public const string KeyName = "RootManageSharedAccessKey";
    public const string Key = "c2VjcmV0";
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly List<Connection> _connections = [];
    private ServiceBusBroker? _broker;

    /// <summary>Turned by hand, so that locks and schedules pass without waiting.</summary>
    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public string? JournalPath { get; init; }

    public int MaxConnections { get; init; } = 1024;

    public ServiceBusBroker Broker => _broker ?? throw new InvalidOperationException("Start it first.");

    public QueueCounts Counts => Broker.Counts()[0];

    public QueueCounts CountsOf(string path) => Broker.Counts().Single(counts => counts.Name == path);

    public static async Task<TestBroker> StartAsync(string? journalPath = null, int maxConnections = 1024)
    {
        var test = new TestBroker { JournalPath = journalPath, MaxConnections = maxConnections };
        await test.StartAsync();
        return test;
    }

    public async Task StartAsync() => _broker = await ServiceBusBroker.StartAsync(new()
    {
        Port = 0,
        Key = Key,
        JournalPath = JournalPath,
        Clock = Clock,
        MaxConnections = MaxConnections,
        Queues = [new() { Name = "orders", MaxDeliveryCount = 3 }, new() { Name = "other" }],
        Topics = [Topic],
    });

    private static TopicOptions Topic => new()
    {
        Name = "told",
        DefaultTimeToLive = TimeSpan.FromDays(1),
        DuplicateDetectionWindow = TimeSpan.FromMinutes(10),
        Subscriptions = [new() { Name = "all" }, new() { Name = "failures", Filter = "status IN ('Failed', 'Refused')" }],
    };

    public async Task<Session> ConnectAsync(string user = KeyName, string password = Key, int? port = null)
    {
        var connection = await Connection.Factory.CreateAsync(new Address("127.0.0.1", port ?? Broker.Port, user, password, scheme: "amqp"));
        _connections.Add(connection);
        return new Session(connection);
    }

    public async Task<Session> ConnectAnonymouslyAsync(string mechanism = "ANONYMOUS")
    {
        var factory = new ConnectionFactory { SASL = { Profile = new NamedMechanism(mechanism) } };
        var connection = await factory.CreateAsync(new Address("127.0.0.1", Broker.Port, scheme: "amqp"));
        _connections.Add(connection);
        return new Session(connection);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            try
            {
                await connection.CloseAsync(Soon, null);
            }
            catch (AmqpException)
            {
                // The broker was there first.
            }
        }

        await Broker.DisposeAsync();
    }

    private sealed class NamedMechanism(string name) : Amqp.Sasl.SaslProfile(name)
    {
        protected override ITransport UpgradeTransport(ITransport transport) => transport;

        protected override Amqp.Types.DescribedList GetStartCommand(string hostname) =>
            new Amqp.Sasl.SaslInit { Mechanism = Mechanism, HostName = hostname };

        protected override Amqp.Types.DescribedList OnCommand(Amqp.Types.DescribedList command) => command;
    }
}

internal static class TestClient
{
    public static SenderLink Sender(this Session session, string address) => new(session, $"send-{Guid.NewGuid():N}", address);

    public static ReceiverLink Receiver(this Session session, string address, bool settled = false) => new(
        session,
        $"receive-{Guid.NewGuid():N}",
        new Attach
        {
            Source = new Source { Address = address },
            Target = new Target(),
            SndSettleMode = settled ? SenderSettleMode.Settled : SenderSettleMode.Unsettled,
        },
        onAttached: null);

    public static Task SendTextAsync(this SenderLink sender, string text, string? id = null) =>
        sender.SendAsync(new Message(text) { Properties = new() { MessageId = id ?? text } });

    public static async Task<Message> NextAsync(this ReceiverLink receiver) =>
        await receiver.ReceiveAsync(TestBroker.Soon) ?? throw new TimeoutException("No message came.");

    /// <summary>One more credit, then the message it brings.</summary>
    public static Task<Message> OneAsync(this ReceiverLink receiver)
    {
        receiver.SetCredit(1, CreditMode.Manual);
        return receiver.NextAsync();
    }
}
