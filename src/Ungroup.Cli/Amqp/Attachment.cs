using Amqp;
using Amqp.Framing;

namespace Ungroup.Cli.Amqp;

/// <summary>Attaches links and waits until the broker has agreed: a refused link first looks like an attached one.</summary>
internal static class Attachment
{
    public static async Task<ReceiverLink> ReceiverAsync(
        BusConnection bus, string address, string? replyTo, TimeProvider clock, CancellationToken cancellationToken)
    {
        var agreed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attach = new Attach { Source = new Source { Address = address }, Target = new Target { Address = replyTo } };
        var link = new ReceiverLink(bus.Session, UniqueName(address), attach, (_, answer) =>
        {
            if (answer.Source is not null)
            {
                agreed.TrySetResult();
            }
        });

        await AgreedAsync(link, agreed, clock, cancellationToken);
        return link;
    }

    /// <summary>The link, and the most bytes the broker takes in one message; 0 where it has not said.</summary>
    public static async Task<(SenderLink Link, ulong Largest)> SenderAsync(
        BusConnection bus, string address, TimeProvider clock, CancellationToken cancellationToken)
    {
        var largest = 0UL;
        var agreed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var attach = new Attach { Source = new Source(), Target = new Target { Address = address } };
        var link = new SenderLink(bus.Session, UniqueName(address), attach, (_, answer) =>
        {
            if (answer.Target is not null)
            {
                largest = answer.MaxMessageSize;
                agreed.TrySetResult();
            }
        });

        await AgreedAsync(link, agreed, clock, cancellationToken);
        return (link, largest);
    }

    private static async Task AgreedAsync(AmqpObject link, TaskCompletionSource agreed, TimeProvider clock, CancellationToken cancellationToken)
    {
        link.AddClosedCallback((_, error) => agreed.TrySetException(
            new AmqpException(error ?? new Error(ErrorCode.DetachForced) { Description = "the link closed while it was attached" })));
        await agreed.Task.WaitAsync(BusConnection.Patience, clock, cancellationToken);
    }

    private static string UniqueName(string address) => $"{address}-{Guid.NewGuid():N}";
}
