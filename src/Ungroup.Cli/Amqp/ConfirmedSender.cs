using Amqp;
using Amqp.Framing;

namespace Ungroup.Cli.Amqp;

/// <summary>Sends and waits until the broker has taken the message. Any number of callers at once share the link.</summary>
internal sealed class ConfirmedSender(SenderLink link, TimeProvider clock)
{
    public bool IsClosed => link.IsClosed;

    public static async Task<ConfirmedSender> AttachAsync(
        BusConnection bus, string address, TimeProvider clock, CancellationToken cancellationToken) =>
        new(await Attachment.SenderAsync(bus, address, clock, cancellationToken), clock);

    public async Task SendAsync(Message message, CancellationToken cancellationToken)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
