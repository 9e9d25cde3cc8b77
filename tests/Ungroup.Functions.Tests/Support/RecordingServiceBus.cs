using Azure.Messaging.ServiceBus;

namespace Ungroup.Functions.Tests.Support;

/// <summary>A client that only sends, and keeps what it sent.</summary>
internal sealed class RecordingServiceBus(List<string> calls) : ServiceBusClient(Nowhere)
{
    // Never connected to. A client without an address, as a mock would be, cannot be disposed of.
    private const string Nowhere = "Endpoint=sb://127.0.0.1;SharedAccessKeyName=name;SharedAccessKey=key";

    public List<ServiceBusMessage> Sent { get; } = [];

    /// <summary>The longest body it takes, in bytes.</summary>
    public int LongestBody { get; set; } = int.MaxValue;

    /// <summary>Whether a send to this queue or topic is not taken.</summary>
    public Func<string, ServiceBusMessage, bool> Refuses { get; set; } = (_, _) => false;

    /// <summary>Every send hangs until its sender gives up.</summary>
    public bool IsSilent { get; set; }

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(queueOrTopicName, this, calls);

    private sealed class Sender(string name, RecordingServiceBus bus, List<string> calls) : ServiceBusSender
    {
        private List<ServiceBusMessage> _batch = [];

        public override async Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            if (bus.IsSilent)
            {
                calls.Add($"silence for {message.MessageId} to {name}");
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }

            if (message.Body.ToMemory().Length > bus.LongestBody)
            {
                throw new ServiceBusException("The message is too large.", ServiceBusFailureReason.MessageSizeExceeded);
            }

            if (bus.Refuses(name, message))
            {
                calls.Add($"refuse {message.MessageId} to {name}");
                throw new ServiceBusException("The entity is disabled for sending.", ServiceBusFailureReason.MessagingEntityDisabled);
            }

            calls.Add($"send {message.MessageId} to {name}");
            bus.Sent.Add(message);
        }

        public override ValueTask<ServiceBusMessageBatch> CreateMessageBatchAsync(CancellationToken cancellationToken = default)
        {
            _batch = [];
            return new(ServiceBusModelFactory.ServiceBusMessageBatch(bus.LongestBody, _batch));
        }

        public override async Task SendMessagesAsync(ServiceBusMessageBatch messageBatch, CancellationToken cancellationToken = default)
        {
            foreach (var message in _batch)
            {
                await SendMessageAsync(message, cancellationToken);
            }
        }
    }
}
