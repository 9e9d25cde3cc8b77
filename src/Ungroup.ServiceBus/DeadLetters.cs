using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using Ungroup.Messages;

namespace Ungroup.ServiceBus;

/// <summary>The dead letters of one queue: peeked, taken one by one, sent back to their queue.</summary>
internal sealed class DeadLetters : IAsyncDisposable
{
    private const int Page = 100;

    // A broker that has a message delivers it at once; there is no other way to see that there is none.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    private readonly string _queue;
    private readonly ServiceBusReceiver _receiver;
    private readonly ServiceBusSender _sender;
    private readonly Queue<ServiceBusReceivedMessage> _arrived = new();

    public DeadLetters(ServiceBusClient client, string queue)
    {
        _queue = queue;
        _receiver = client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        _sender = client.CreateSender(queue);
    }

    public Delivery Read(ServiceBusReceivedMessage letter) => IncomingMessage.ToDelivery(letter, _queue);

    public async IAsyncEnumerable<ServiceBusReceivedMessage> PeekAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await _receiver.PeekMessagesAsync(Page, from, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var letter in page)
            {
                yield return letter;
            }

            from = page[^1].SequenceNumber + 1;
        }
    }

    /// <summary>
    /// The next letter, locked; null where there is none. Cancels only before it asks: a letter that was asked for would be locked and given
    /// to nobody.
    /// </summary>
    public async Task<ServiceBusReceivedMessage?> TakeAsync(int ahead, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_arrived.Count == 0)
        {
            foreach (var letter in await _receiver.ReceiveMessagesAsync(ahead, Idle, CancellationToken.None))
            {
                _arrived.Enqueue(letter);
            }
        }

        return _arrived.TryDequeue(out var next) ? next : null;
    }

    /// <summary>Sends the copy first: a crash in between leaves both, and the ledger absorbs one.</summary>
    public async Task SendBackAsync(ServiceBusReceivedMessage letter, string run)
    {
        await _sender.SendMessageAsync(OutgoingMessage.Replayed(letter, _queue, run), CancellationToken.None);
        await _receiver.CompleteMessageAsync(letter, CancellationToken.None);
    }

    /// <summary>Does nothing where the lock is lost: the letter is back by itself.</summary>
    public async Task ReleaseAsync(ServiceBusReceivedMessage letter)
    {
        try
        {
            await _receiver.AbandonMessageAsync(letter, propertiesToModify: null, CancellationToken.None);
        }
        catch (Exception error) when (BusFailure.Is(error))
        {
            // It comes back by itself.
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_arrived.TryDequeue(out var unwanted))
        {
            await ReleaseAsync(unwanted);
        }

        await _receiver.DisposeAsync();
        await _sender.DisposeAsync();
    }
}
