using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

/// <summary>One long-lived sender for each queue.</summary>
public sealed class QueueSenders(ServiceBusClient client)
{
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new();

    /// <summary>The sender to a queue. It is not to be disposed.</summary>
    public ServiceBusSender For(string queue) => _senders.GetOrAdd(queue, client.CreateSender);
}
