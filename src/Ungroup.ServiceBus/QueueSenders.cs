using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

/// <summary>One sender for each queue that is sent to.</summary>
public sealed class QueueSenders(ServiceBusClient client)
{
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new();

    public ServiceBusSender For(string queue) => _senders.GetOrAdd(queue, client.CreateSender);
}
