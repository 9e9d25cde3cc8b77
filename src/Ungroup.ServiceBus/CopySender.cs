using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Ungroup.Messages;

namespace Ungroup.ServiceBus;

/// <summary>Sends the copy of a message that has to wait. What to do where that does not work: docs/decisions/0012-unsent-copies.md.</summary>
public sealed partial class CopySender(QueueSenders senders, TimeProvider clock, ILogger<CopySender> logger)
{
    // Each of these tries is several of the client's own. All of them fit into the lock that the host renews.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly IReadOnlyList<TimeSpan> Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>The longest this takes.</summary>
    internal static TimeSpan Longest => ((Pauses.Count + 1) * Patience) + Pauses.Aggregate((sum, pause) => sum + pause);

    /// <summary>
    /// Sends the copy that waits in the place of a message; false where the broker has not taken it. The original goes only after it: a
    /// crash in between leaves both, and the ledger absorbs one.
    /// </summary>
    /// <param name="queue">Where the message came from.</param>
    /// <param name="message">The message as the broker has it.</param>
    /// <param name="delivery">The same as the product has it.</param>
    /// <param name="postpone">When the copy arrives.</param>
    /// <param name="ending">Tries once all the same, and then no more.</param>
    public Task<bool> TryPostponeAsync(
        string queue, ServiceBusReceivedMessage message, Delivery delivery, Settlement.Postpone postpone, CancellationToken ending) =>
        TrySendAsync(queue, OutgoingMessage.Copy(message, PostponedCopy.Of(delivery, postpone)), ending);

    private async Task<bool> TrySendAsync(string queue, ServiceBusMessage copy, CancellationToken ending)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                using var patience = new CancellationTokenSource(Patience, clock);
                await senders.For(queue).SendMessageAsync(copy, patience.Token);
                return true;
            }
            catch (Exception error)
            {
                LogNotSent(error, copy.MessageId, queue);
                if (failures == Pauses.Count || ending.IsCancellationRequested)
                {
                    return false;
                }
            }

            await Task.Delay(Pauses[failures], clock, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(651, LogLevel.Warning, "The copy {MessageId} was not sent to {Queue}.")]
    private partial void LogNotSent(Exception error, string messageId, string queue);
}
