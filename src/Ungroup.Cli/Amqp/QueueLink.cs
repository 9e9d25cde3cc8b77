using System.Diagnostics;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Cli.Amqp;

/// <summary>One queue over one connection: what it delivers, how that is settled, how locks are kept. It ends with the connection.</summary>
/// <remarks>
/// <para>
/// A settlement is a settled disposition: sent, in order, and not answered. The other way, <c>update-disposition</c> on
/// <c>$management</c>, is answered, at the price of a round trip and of working with Service Bus only. The answer would
/// change nothing: an outcome is durable before its message is settled, so a settlement that did not arrive is one more
/// delivery, which the ledger answers with the stored outcome. Closing the connection waits for the broker's close, which
/// it sends after it has read everything before.
/// </para>
/// </remarks>
internal sealed class QueueLink : IAsyncDisposable
{
    private readonly BusConnection _bus;
    private readonly ReceiverLink _receiver;
    private readonly CopySender _copies;

    private QueueLink(BusConnection bus, ReceiverLink receiver, CopySender copies, LockRenewal locks) =>
        (_bus, _receiver, _copies, Locks) = (bus, receiver, copies, locks);

    public LockRenewal Locks { get; }

    public Task<string> Lost => _bus.Lost;

    public static async Task<QueueLink> OpenAsync(BusAddress address, string queue, TimeProvider clock, CancellationToken cancellationToken)
    {
        var bus = await BusConnection.OpenAsync(address, clock, cancellationToken);
        try
        {
            var receiver = await Attachment.ReceiverAsync(bus, queue, null, clock, cancellationToken);
            bus.Watch(receiver);
            return new(bus, receiver, new CopySender(bus, queue, clock), new LockRenewal(bus, queue, clock));
        }
        catch
        {
            await bus.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets messages come, as many as <paramref name="window"/> has room for.</summary>
    public void Start(CreditWindow window, Action<Message> arrived)
    {
        _receiver.Start(0, (link, message) =>
        {
            if (window.TryBegin(link))
            {
                arrived(message);
            }
            else
            {
                Release(message);
            }
        });
        window.Attach(_receiver, (credit, mode) => _receiver.SetCredit(credit, mode));
    }

    /// <summary>Gives a message back that nothing was done for. Not for waiting: it returns at once.</summary>
    public void Release(Message message)
    {
        try
        {
            _receiver.Release(message);
        }
        catch (AmqpException)
        {
            // The link is gone; the lock runs out by itself.
        }
    }

    public async Task SettleAsync(Message message, Delivery delivery, Settlement settlement)
    {
        switch (settlement)
        {
            case Settlement.Complete:
                _receiver.Accept(message);
                break;
            case Settlement.DeadLetter letter:
                _receiver.Reject(message, DeadLetterError(letter));
                break;
            case Settlement.Postpone postpone:
                var copy = PostponedCopy.Of(delivery, postpone);
                await _copies.SendAsync(OutgoingMessage.Copy(message, copy));
                _receiver.Accept(message);
                break;
            default:
                throw new UnreachableException();
        }
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    private static Error DeadLetterError(Settlement.DeadLetter letter)
    {
        var info = new Fields
        {
            [new Symbol("DeadLetterReason")] = letter.Reason,
            [new Symbol("DeadLetterErrorDescription")] = letter.Description,
        };
        return new(new Symbol("com.microsoft:dead-letter")) { Description = letter.Reason, Info = info };
    }
}
