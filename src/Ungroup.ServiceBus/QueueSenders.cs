using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

public sealed class QueueSenders(ServiceBusClient client)
{
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new();

    public ServiceBusSender For(string queue) => _senders.GetOrAdd(queue, client.CreateSender);
}
