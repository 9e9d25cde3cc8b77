using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Amqp;
using Amqp.Types;

namespace Ungroup.Cli.Amqp;

/// <summary>The dead letters of one queue: looked at without a lock, taken one by one, sent back to the queue they come from.</summary>
internal sealed class DeadLetters : IAsyncDisposable
{
    private const int Page = 100;

    // A broker that has a message delivers it at once; there is no other way to see that there is none.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    private readonly BusConnection _bus;
    private readonly ReceiverLink _receiver;
    private readonly ConfirmedSender _queue;
    private readonly ManagementLink _management;
    private readonly TimeProvider _clock;
    private readonly Channel<Message> _arrived = Channel.CreateUnbounded<Message>();
    private int _credit;

    private DeadLetters(BusConnection bus, ReceiverLink receiver, ConfirmedSender queue, ManagementLink management, TimeProvider clock)
    {
        (_bus, _receiver, _queue, _management, _clock) = (bus, receiver, queue, management, clock);
        bus.Watch(receiver);
        receiver.Start(0, (_, message) => _arrived.Writer.TryWrite(message));
    }

    public static async Task<DeadLetters> OpenAsync(BusAddress address, string queue, TimeProvider clock, CancellationToken cancellationToken)
    {
        var letters = $"{queue}/$deadletterqueue";
        var bus = await BusConnection.OpenAsync(address, clock, cancellationToken);
        try
        {
            var receiver = await Attachment.ReceiverAsync(bus, letters, null, clock, cancellationToken);
            var sender = await ConfirmedSender.AttachAsync(bus, queue, clock, cancellationToken);
            return new(bus, receiver, sender, new(bus, letters, clock), clock);
        }
        catch
        {
            await bus.DisposeAsync();
            throw;
        }
    }

    /// <summary>The letters from a sequence number on, oldest first, as they are now.</summary>
    public async IAsyncEnumerable<Message> PeekAsync(long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await _management.AskAsync(
                "com.microsoft:peek-message", new Map { ["from-sequence-number"] = from, ["message-count"] = Page }, cancellationToken);
            if (ManagementLink.StatusOf(answer) == 204)
            {
                yield break;
            }

            var messages = ManagementLink.StatusOf(answer) == 200 && answer.Body is Map map && map["messages"] is List found
                ? found
                : throw ManagementLink.Unexpected("the dead letters cannot be looked at", answer);
            foreach (var encoded in messages.OfType<Map>().Select(item => (byte[])item["message"]))
            {
                var message = Message.Decode(new ByteBuffer(encoded, 0, encoded.Length, encoded.Length));
                from = Math.Max(from, IncomingMessage.SequenceOf(message) + 1);
                yield return message;
            }
        }
    }

    /// <summary>The next letter, locked; null where there is none.</summary>
    /// <param name="ahead">How many may come ahead of being asked for; their locks run meanwhile.</param>
    public async Task<Message?> TakeAsync(int ahead, CancellationToken cancellationToken)
    {
        if (_arrived.Reader.TryRead(out var here))
        {
            return Taken(here);
        }

        if (_credit == 0)
        {
            _receiver.SetCredit(_credit = ahead, CreditMode.Manual);
        }

        using var idle = new CancellationTokenSource(Idle, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, cancellationToken);
        try
        {
            return Taken(await _arrived.Reader.ReadAsync(either.Token));
        }
        catch (OperationCanceledException none) when (!cancellationToken.IsCancellationRequested)
        {
            return _bus.Lost.IsCompleted ? throw new IOException(await _bus.Lost, none) : null;
        }
    }

    /// <summary>Sends the copy and lets the letter go, in this order: a crash in between leaves both, and the ledger absorbs one.</summary>
    public async Task SendBackAsync(Message letter, Message copy)
    {
        await _queue.SendAsync(copy, CancellationToken.None);
        _receiver.Accept(letter);
    }

    /// <summary>Lets it stay where it was.</summary>
    public void Release(Message letter) => _receiver.Release(letter);

    public async ValueTask DisposeAsync()
    {
        while (!_bus.Lost.IsCompleted && _arrived.Reader.TryRead(out var unwanted))
        {
            _receiver.Release(unwanted);
        }

        await _bus.DisposeAsync();
    }

    private Message Taken(Message message)
    {
        _credit--;
        return message;
    }
}
