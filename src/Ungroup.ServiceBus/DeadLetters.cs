using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;
using Ungroup.Messages;

namespace Ungroup.ServiceBus;

/// <summary>The dead letters of one queue: looked at without a lock, taken one by one, sent back to the queue they come from.</summary>
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

    /// <summary>What the worker would make of it. A letter has the place in the queue that it had before its death.</summary>
    public Delivery Read(ServiceBusReceivedMessage letter) => IncomingMessage.ToDelivery(letter, _queue);

    /// <summary>The letters from a sequence number on, oldest first, as they are now.</summary>
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

    /// <summary>The next letter, locked; null where there is none.</summary>
    /// <param name="ahead">How many may come ahead of being asked for; their locks run meanwhile.</param>
    /// <param name="cancellationToken">Ends before anything is asked for. What was asked for is waited for: it would be locked and given to nobody.</param>
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

    /// <summary>Sends the copy and lets the letter go, in this order: a crash in between leaves both, and the ledger absorbs one.</summary>
    public async Task SendBackAsync(ServiceBusReceivedMessage letter, string run)
    {
        await _sender.SendMessageAsync(OutgoingMessage.Replayed(letter, _queue, run), CancellationToken.None);
        await _receiver.CompleteMessageAsync(letter, CancellationToken.None);
    }

    /// <summary>Lets it stay where it was. A lock that is lost has done so already.</summary>
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
