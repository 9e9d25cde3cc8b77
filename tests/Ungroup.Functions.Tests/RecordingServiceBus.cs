using Azure.Messaging.ServiceBus;

namespace Ungroup.Functions.Tests;

/// <summary>A client that only sends, and keeps what it sent.</summary>
internal sealed class RecordingServiceBus(List<string> calls) : ServiceBusClient
{
    public List<ServiceBusMessage> Sent { get; } = [];

    /// <summary>The longest body it takes, in bytes.</summary>
    public int LongestBody { get; set; } = int.MaxValue;

    public override ServiceBusSender CreateSender(string queueOrTopicName) => new Sender(queueOrTopicName, this, calls);

    private sealed class Sender(string name, RecordingServiceBus bus, List<string> calls) : ServiceBusSender
    {
        public override Task SendMessageAsync(ServiceBusMessage message, CancellationToken cancellationToken = default)
        {
            if (message.Body.ToMemory().Length > bus.LongestBody)
            {
                throw new ServiceBusException("The message is too large.", ServiceBusFailureReason.MessageSizeExceeded);
            }

            calls.Add($"send {message.MessageId} to {name}");
            bus.Sent.Add(message);
            return Task.CompletedTask;
        }
    }
}
