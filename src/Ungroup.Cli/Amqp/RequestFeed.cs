namespace Ungroup.Cli.Amqp;

/// <summary>Sends many requests, in order, without waiting for each: a window of them is under way at a time.</summary>
internal static class RequestFeed
{
    private const int Window = 200;

    /// <summary>Returns how many messages the broker has taken: all of them, or fewer when <paramref name="stop"/> came first.</summary>
    public static async Task<int> SendAsync(
        SendingConnection connection, IEnumerable<(string MessageId, ReadOnlyMemory<byte> Body)> requests, CancellationToken stop)
    {
        var underWay = new Queue<Task>();
        var sent = 0;
        foreach (var (messageId, body) in requests)
        {
            if (stop.IsCancellationRequested)
            {
                break;
            }

            underWay.Enqueue(connection.SendAsync(OutgoingMessage.Request(messageId, body), CancellationToken.None));
            if (underWay.Count >= Window)
            {
                await underWay.Dequeue();
                sent++;
            }
        }

        while (underWay.TryDequeue(out var last))
        {
            await last;
            sent++;
        }

        return sent;
    }
}
