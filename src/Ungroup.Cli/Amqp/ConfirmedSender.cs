using Amqp;
using Amqp.Framing;

namespace Ungroup.Cli.Amqp;

/// <summary>Sends and waits until the broker has taken the message. Any number of callers at once share the link.</summary>
/// <param name="link">The link.</param>
/// <param name="largest">The most bytes the broker takes in one message; 0 where it has not said.</param>
/// <param name="clock">When the broker's answer is overdue.</param>
/// <param name="goOn">Where callers go on.</param>
internal sealed class ConfirmedSender(SenderLink link, ulong largest, TimeProvider clock, GoOn goOn = GoOn.OnAThreadOfTheirOwn)
{
    public bool IsClosed => link.IsClosed;

    public static async Task<ConfirmedSender> AttachAsync(
        BusConnection bus, string address, TimeProvider clock, CancellationToken cancellationToken)
    {
        var (link, largest) = await Attachment.SenderAsync(bus, address, clock, cancellationToken);
        return new(link, largest, clock);
    }

    /// <param name="message">What is sent.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may be taken all the same.</param>
    /// <param name="atMost">How many bytes it can come to, where that is known: only what may be too large is written out to be measured.</param>
    public async Task SendAsync(Message message, CancellationToken cancellationToken, int atMost = int.MaxValue)
    {
        // Not left to the broker: it may answer with the end of the link, and of everything else under way on it.
        if (largest > 0 && (ulong)atMost > largest && message.Encode() is { } encoded && (ulong)encoded.Length > largest)
        {
            throw new AmqpException(new Error(ErrorCode.MessageSizeExceeded)
            {
                Description = $"the message has {encoded.Length:N0} bytes, and the broker takes {largest:N0}",
            });
        }

        var taken = new TaskCompletionSource(
            goOn == GoOn.WhereTheAnswerWasRead ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
        link.Send(message, Answered, taken);
        await taken.Task.WaitAsync(BusConnection.Patience, clock, cancellationToken);
    }

    private static void Answered(ILink link, Message message, global::Amqp.Framing.Outcome outcome, object state)
    {
        var taken = (TaskCompletionSource)state;
        if (outcome is Accepted)
        {
            taken.TrySetResult();
        }
        else
        {
            taken.TrySetException(new AmqpException((outcome as Rejected)?.Error
                ?? new Error(ErrorCode.MessageReleased) { Description = "the broker did not take the message" }));
        }
    }
}

/// <summary>Where a caller goes on whose message was taken.</summary>
internal enum GoOn
{
    OnAThreadOfTheirOwn,

    /// <summary>No thread is woken for each. What is done then may not block: the answers to all others wait behind it.</summary>
    WhereTheAnswerWasRead,
}
