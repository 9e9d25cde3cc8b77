using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Ungroup.Intake;
using Ungroup.ServiceBus;

namespace Ungroup.Functions;

/// <summary>Enqueues what was read at the door, and says what became of it.</summary>
public sealed partial class IntakeSender(QueueSenders senders, TimeProvider clock, ILogger<IntakeSender> logger)
{
    // Somebody waits at the other end of a connection that does not live for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="item">An invalid one is only answered.</param>
    /// <param name="traceParent">The trace the message belongs to; one that cannot be read is left out.</param>
    public async Task<IntakeResult> EnqueueAsync(IntakeItem item, string? traceParent) => item switch
    {
        IntakeItem.Invalid invalid => IntakeResult.Of(invalid),
        IntakeItem.Accepted accepted => await SendAsync(accepted, traceParent),
        _ => throw new UnreachableException(),
    };

    private async Task<IntakeResult> SendAsync(IntakeItem.Accepted item, string? traceParent)
    {
        var location = RemovalLocation.Of(item.Request);
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            await senders.For(item.Queue).SendMessageAsync(MessageOf(item, traceParent), patience.Token);
            return IntakeResult.Of(item, IntakeStatus.Accepted, location);
        }
        catch (Exception error)
        {
            // Also where the reply was lost: whether the queue has it, nobody can tell.
            LogNotSent(error, item.MessageId, item.Queue);
            return IntakeResult.Of(item, IntakeStatus.Unconfirmed, location);
        }
    }

    private static ServiceBusMessage MessageOf(IntakeItem.Accepted item, string? traceParent)
    {
        var message = new ServiceBusMessage(item.Body) { MessageId = item.MessageId, ContentType = item.ContentType };
        if (ActivityContext.TryParse(traceParent, null, out _))
        {
            message.ApplicationProperties["traceparent"] = traceParent;
        }

        return message;
    }

    [LoggerMessage(656, LogLevel.Warning, "{Queue} did not confirm that it has {MessageId}, which came over HTTP.")]
    private partial void LogNotSent(Exception error, string messageId, string queue);
}
