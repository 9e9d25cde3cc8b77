using Ungroup.Messages;

namespace Ungroup.ServiceBus;

/// <summary>Sends what Ungroup itself makes: the requests of a job, and the message that drives it.</summary>
internal sealed class ServiceBusRequestBus(QueueSenders senders, TimeProvider clock) : IRequestBus
{
    // The client tries for a minute. A sender here has a caller or a lock that waits, and can send all of it again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    /// <exception cref="RequestTooLargeException">The bus takes no message of that size.</exception>
    /// <exception cref="TimeoutException">The bus has not answered in time; it may have taken some.</exception>
    public async Task SendAsync(string queue, IReadOnlyList<OutgoingRequest> messages, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await RequestFeed.SendAsync(senders.For(queue), messages.Select(message => (message.MessageId, message.Body)), CancellationToken.None, end.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{queue} has not taken {messages.Count:N0} messages within {Patience.TotalSeconds:N0} seconds.", late);
        }
    }
}
