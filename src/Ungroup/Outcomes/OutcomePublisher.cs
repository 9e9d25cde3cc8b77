using Microsoft.Extensions.Logging;
using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Outcomes;

/// <summary>Publishes each outcome at least once, under an id that never changes.</summary>
internal sealed partial class OutcomePublisher(IOutcomeBus bus, PublishedMarks marks, ILogger<OutcomePublisher> logger)
{
    /// <summary>An outcome that the bus does not take stays pending, and the sweep sends it.</summary>
    public async Task PublishAsync(StoredRecord decided, OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        if (await TryPublishAsync(outcome, cancellationToken) && decided.Record.State == LedgerState.Decided)
        {
            marks.Add(decided);
        }
    }

    public async Task<bool> TryPublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken) =>
        await SendAsync(outcome, cancellationToken) == Publication.Taken;

    public async Task<Publication> SendAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        try
        {
            await PublishAnyAsync(outcome, cancellationToken);
            return Publication.Taken;
        }
        catch (OutcomeTooLargeException error)
        {
            Log.TooLarge(logger, outcome.Id, outcome.Subject, error);
            return Publication.TooLarge;
        }
        catch (Exception error)
        {
            // Each bus has exceptions of its own; the event has to be sent later in any case.
            Log.NotPublished(logger, outcome.Id, outcome.Subject, error);
            return Publication.NotNow;
        }
    }

    // An outcome may lose its evidence on the way, never itself: the ledger or the dead letter has all of it.
    private async Task PublishAnyAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        try
        {
            await bus.PublishAsync(outcome, cancellationToken);
        }
        catch (OutcomeTooLargeException error)
        {
            Log.WithoutEvidence(logger, outcome.Id, outcome.Subject, outcome.Json.Length, error.Message);
            await bus.PublishAsync(OutcomeEventWriter.WithoutEvidence(outcome), cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(605, LogLevel.Warning, "Outcome {OutcomeId} of {Subject} is too large for the bus with {Bytes} bytes; it goes without its evidence: {Reason}")]
        public static partial void WithoutEvidence(ILogger logger, string outcomeId, string subject, int bytes, string reason);

        [LoggerMessage(606, LogLevel.Error, "Outcome {OutcomeId} of {Subject} is too large for the bus even without its evidence; it stays pending. Let the outcomes' queue or topic take larger messages.")]
        public static partial void TooLarge(ILogger logger, string outcomeId, string subject, Exception error);

        [LoggerMessage(618, LogLevel.Warning, "Outcome {OutcomeId} of {Subject} was not published; it stays pending.")]
        public static partial void NotPublished(ILogger logger, string outcomeId, string subject, Exception error);
    }
}

internal enum Publication
{
    Taken,

    TooLarge,

    NotNow,
}
