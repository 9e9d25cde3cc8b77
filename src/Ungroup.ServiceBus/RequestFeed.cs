using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

internal static class RequestFeed
{
    /// <summary>Returns how many messages the bus has taken: all of them, or fewer when <paramref name="stop"/> came first.</summary>
    /// <param name="sender">The sender to the queue.</param>
    /// <param name="requests">Sent in this order, in as few batches as the bus takes.</param>
    /// <param name="stop">Ends after the batch that is under way.</param>
    /// <param name="giveUp">Breaks that batch off as well: the bus may have taken it.</param>
    /// <exception cref="RequestTooLargeException">The bus takes no message of that size; what came before it was sent.</exception>
    public static async Task<int> SendAsync(
        ServiceBusSender sender, IEnumerable<(string MessageId, ReadOnlyMemory<byte> Body)> requests, CancellationToken stop, CancellationToken giveUp = default)
    {
        var sent = 0;
        var batch = await sender.CreateMessageBatchAsync(giveUp);
        try
        {
            foreach (var (messageId, body) in requests.TakeWhile(_ => !stop.IsCancellationRequested))
            {
                var message = OutgoingMessage.Request(messageId, body);
                if (batch.TryAddMessage(message))
                {
                    continue;
                }

                sent += await SendAsync(sender, batch, giveUp);
                batch.Dispose();
                batch = await sender.CreateMessageBatchAsync(giveUp);
                if (!batch.TryAddMessage(message))
                {
                    throw new RequestTooLargeException($"{messageId} has {body.Length:N0} bytes, and the bus takes {batch.MaxSizeInBytes:N0} with all that goes beside them");
                }
            }

            return sent + await SendAsync(sender, batch, giveUp);
        }
        finally
        {
            batch.Dispose();
        }
    }

    private static async Task<int> SendAsync(ServiceBusSender sender, ServiceBusMessageBatch batch, CancellationToken giveUp)
    {
        if (batch.Count > 0)
        {
            await sender.SendMessagesAsync(batch, giveUp);
        }

        return batch.Count;
    }
}

#pragma warning disable CA1032 // Without a sentence it would say nothing.
internal sealed class RequestTooLargeException(string message) : IOException(message);
#pragma warning restore CA1032
