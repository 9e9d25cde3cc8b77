using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Ungroup.Messages;

namespace Ungroup.ServiceBus;

/// <summary>Sends the copy of a message that has to wait. Decision docs/decisions/0012-unsent-copies.md says what to do where that fails.</summary>
public sealed partial class CopySender(QueueSenders senders, TimeProvider clock, ILogger<CopySender> logger)
{
    // Each try is several of the client's own. All of them fit into the lock that the host renews.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly IReadOnlyList<TimeSpan> Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    internal static TimeSpan Longest => ((Pauses.Count + 1) * Patience) + Pauses.Aggregate((sum, pause) => sum + pause);

    /// <summary>
    /// Returns false where the broker has not taken the copy. The original goes only after it: a crash in between leaves both, and the
    /// ledger absorbs one. Once <paramref name="ending"/> is cancelled it tries once, and then no more.
    /// </summary>
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
