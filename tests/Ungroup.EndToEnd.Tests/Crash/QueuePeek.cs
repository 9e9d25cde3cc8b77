using Azure.Messaging.ServiceBus;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>Asks a broker which messages a queue holds, locked and scheduled ones included, without receiving any.</summary>
internal static class QueuePeek
{
    private const int Most = 1_000;

    /// <summary>The ids of the oldest thousand.</summary>
    public static async Task<IReadOnlyList<string>> IdsAsync(string bus, string queue, CancellationToken cancellationToken)
    {
        await using var client = new ServiceBusClient(bus);
        await using var receiver = client.CreateReceiver(queue);
        var ids = new List<string>();
        long from = 0;
        while (ids.Count < Most && await receiver.PeekMessagesAsync(Most, from, cancellationToken) is { Count: > 0 } page)
        {
            ids.AddRange(page.Select(message => message.MessageId));
            from = page[^1].SequenceNumber + 1;
        }

        return ids;
    }
}
