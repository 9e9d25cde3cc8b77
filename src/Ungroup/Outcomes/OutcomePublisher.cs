using Microsoft.Extensions.Logging;
using Ungroup.Ledger;

namespace Ungroup.Outcomes;

/// <summary>Tells each outcome at least once. The id never changes, so that twice is once to whoever deduplicates.</summary>
internal sealed partial class OutcomePublisher(IOutcomeBus bus, PublishedMarks marks, ILogger<OutcomePublisher> logger)
{
    /// <summary>Sends an outcome that the ledger holds, and has it noted there. Where the bus is away it stays pending, and the sweep sends it.</summary>
    public async Task PublishAsync(StoredRecord decided, OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        if (await TryPublishAsync(outcome, cancellationToken) && decided.Record.State == LedgerState.Decided)
        {
            marks.Add(decided);
        }
    }

    /// <summary>Sends an outcome; false where the bus is away.</summary>
    public async Task<bool> TryPublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        try
        {
            await bus.PublishAsync(outcome, cancellationToken);
            return true;
        }
        catch (Exception error)
        {
            // Each bus has exceptions of its own; whichever it was, the event has to be sent later.
            Log.NotPublished(logger, outcome.Id, outcome.Subject, error);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(601, LogLevel.Warning, "Outcome {OutcomeId} of {Subject} was not published; it stays pending.")]
        public static partial void NotPublished(ILogger logger, string outcomeId, string subject, Exception error);
    }
}
