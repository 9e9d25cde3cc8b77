using Azure.Messaging.ServiceBus;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.DotNet;

/// <summary>A broker on the machine's clock, by which the official .NET client judges tokens and locks, and such a client.</summary>
internal sealed class OfficialBus : IAsyncDisposable
{
    public const string Queue = "orders";

    /// <summary>How long a busy machine may take for what happens at once.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMinutes(1);

    /// <summary>Long enough for what is there to arrive; when nothing comes, the time-out is what is tested.</summary>
    public static readonly TimeSpan Briefly = TimeSpan.FromMilliseconds(200);

    private OfficialBus(ServiceBusBroker broker)
    {
        Broker = broker;
        Client = new(broker.ConnectionString, new ServiceBusClientOptions { RetryOptions = { MaxRetries = 0, TryTimeout = Soon } });
        Sender = Client.CreateSender(Queue);
        Receiver = Client.CreateReceiver(Queue);
        DeadLetters = Client.CreateReceiver(Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
    }

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ServiceBusBroker Broker { get; }

    public ServiceBusClient Client { get; }

    public ServiceBusSender Sender { get; }

    public ServiceBusReceiver Receiver { get; }

    public ServiceBusReceiver DeadLetters { get; }

    public QueueCounts Counts => Broker.Counts().Single(counts => counts.Name == Queue);

    public static Task<OfficialBus> StartAsync() => StartAsync(new QueueOptions { Name = Queue, MaxDeliveryCount = 3 });

    public static Task<OfficialBus> StartAsync(QueueOptions queue) => StartAsync(new BrokerOptions { Port = 0, Queues = [queue] });

    public static async Task<OfficialBus> StartAsync(BrokerOptions options) => new(await ServiceBusBroker.StartAsync(options, Stop));

    public Task SendAsync(string body) => Sender.SendMessageAsync(new ServiceBusMessage(body), Stop);

    public async Task<ServiceBusReceivedMessage> NextAsync(ServiceBusReceiver? receiver = null) =>
        await (receiver ?? Receiver).ReceiveMessageAsync(Soon, Stop) ?? throw new TimeoutException("No message came.");

    public async Task<ServiceBusReceivedMessage> SendAndReceiveAsync(ServiceBusMessage message)
    {
        await Sender.SendMessageAsync(message, Stop);
        return await NextAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Broker.DisposeAsync();
    }
}
