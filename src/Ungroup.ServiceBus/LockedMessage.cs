using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

/// <summary>
/// Settles a message over the receiver it came by, which is cheap, and over <paramref name="settler"/> where that has been closed: the
/// broker goes by the lock, and not by the link.
/// </summary>
internal sealed class LockedMessage(ServiceBusReceivedMessage message, ServiceBusReceiver receiver, ServiceBusReceiver settler)
{
    public ServiceBusReceivedMessage Message => message;

    public DateTimeOffset LockedUntil => message.LockedUntil;

    public Task CompleteAsync() => AskAsync(by => by.CompleteMessageAsync(message, CancellationToken.None));

    public Task DeadLetterAsync(string reason, string description) =>
        AskAsync(by => by.DeadLetterMessageAsync(message, reason, description, CancellationToken.None));

    /// <summary>The message comes again at once; no way to give it back does not count as a delivery.</summary>
    public Task AbandonAsync() => AskAsync(by => by.AbandonMessageAsync(message, propertiesToModify: null, CancellationToken.None));

    public async Task<DateTimeOffset> RenewAsync(CancellationToken cancellationToken)
    {
        await AskAsync(by => by.RenewMessageLockAsync(message, cancellationToken));
        return message.LockedUntil;
    }

    private async Task AskAsync(Func<ServiceBusReceiver, Task> ask)
    {
        if (!receiver.IsClosed)
        {
            try
            {
                await ask(receiver);
                return;
            }
            catch (Exception error) when (BusFailure.Is(error) && receiver.IsClosed)
            {
                // Closed meanwhile. The next answer tells whether the broker has heard it all the same.
            }
        }

        await ask(settler);
    }
}
