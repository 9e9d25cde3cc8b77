using Azure.Messaging.ServiceBus;

namespace Ungroup.Functions.Tests;

/// <summary>A client that only sends, and keeps what it sent.</summary>
internal sealed class RecordingServiceBus(List<string> calls) : ServiceBusClient
{
    public List<ServiceBusMessage> Sent { get; } = [];

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(queueOrTopicName, this, calls);

    private sealed class Sender(string name, RecordingServiceBus bus, List<string> calls) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            calls.Add($"send {message.MessageId} to {name}");
            bus.Sent.Add(message);
            return Task.CompletedTask;
        }
    }
}
