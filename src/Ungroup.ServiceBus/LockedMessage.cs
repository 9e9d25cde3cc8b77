using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

/// <summary>
/// A message in hand. What becomes of it goes over the receiver it came by, which is cheap, and over another one where that has been
/// closed: the broker goes by the lock, and not by the link.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="receiver">What it came by.</param>
/// <param name="settler">Receives nothing, and is open for as long as anything is in hand.</param>
internal sealed class LockedMessage(ServiceBusReceivedMessage message, ServiceBusReceiver receiver, ServiceBusReceiver settler)
{
    public ServiceBusReceivedMessage Message => message;

    /// <summary>By the broker's clock.</summary>
    public DateTimeOffset LockedUntil => message.LockedUntil;

    public Task CompleteAsync() => AskAsync(by => by.CompleteMessageAsync(message, CancellationToken.None));

    public Task DeadLetterAsync(string reason, string description) =>
        AskAsync(by => by.DeadLetterMessageAsync(message, reason, description, CancellationToken.None));

    /// <summary>Lets it come again at once. There is no way to give it back that does not count as a delivery.</summary>
    public Task AbandonAsync() => AskAsync(by => by.AbandonMessageAsync(message, propertiesToModify: null, CancellationToken.None));

    /// <summary>The new end of the lock.</summary>
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
                // It was closed meanwhile. Whether the broker has heard it all the same, the next answer tells.
            }
        }

        await ask(settler);
    }
}
