using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Ungroup.Intake;
using Ungroup.Ledger;
using Ungroup.ServiceBus;

namespace Ungroup.Functions.Http.Requests;

public sealed partial class IntakeSender(QueueSenders senders, Announcements announcements, TimeProvider clock, ILogger<IntakeSender> logger)
{
    // The caller waits on a connection that does not live for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private const string NotAnnounced = "The ledger does not answer, and nothing was enqueued; send it again with this requestId.";

    /// <summary>An invalid item is only answered; a trace parent that cannot be read is left out.</summary>
    public async Task<IntakeResult> EnqueueAsync(IntakeItem item, string? traceParent) => item switch
    {
        IntakeItem.Invalid invalid => IntakeResult.Of(invalid),
        IntakeItem.Accepted accepted => await SendAsync(accepted, traceParent),
        _ => throw new UnreachableException(),
    };

    private async Task<IntakeResult> SendAsync(IntakeItem.Accepted item, string? traceParent)
    {
        var location = RemovalLocation.Of(item);
        try
        {
            using var patience = new CancellationTokenSource(Patience, clock);
            await announcements.AnnounceAsync(item, patience.Token);
            await senders.For(item.Queue).SendMessageAsync(MessageOf(item, traceParent), patience.Token);
            await NoteAsync(item, patience.Token);
            return IntakeResult.Of(item, IntakeStatus.Accepted, location);
        }
        catch (LedgerUnavailableException away)
        {
            LogNotAnnounced(away, item.MessageId);
            return IntakeResult.Of(item, IntakeStatus.Unconfirmed, location) with { Sentence = NotAnnounced };
        }
        catch (Exception error)
        {
            // The queue may have it all the same: the reply may have been lost.
            LogNotSent(error, item.MessageId, item.Queue);
            return IntakeResult.Of(item, IntakeStatus.Unconfirmed, location);
        }
    }

    /// <summary>The queue has it, whatever becomes of this.</summary>
    private async Task NoteAsync(IntakeItem.Accepted item, CancellationToken patience)
    {
        try
        {
            await announcements.QueuedAsync(item, patience);
        }
        catch (Exception away) when (away is LedgerUnavailableException or OperationCanceledException)
        {
            LogNotNoted(away, item.MessageId);
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

    [LoggerMessage(661, LogLevel.Warning, "The ledger did not take down that the queue has {MessageId}; asking for its status finds it once somebody has taken it up.")]
    private partial void LogNotNoted(Exception error, string messageId);

    [LoggerMessage(657, LogLevel.Warning, "The ledger did not take down that {MessageId} came over HTTP; it was not enqueued.")]
    private partial void LogNotAnnounced(Exception error, string messageId);
}
