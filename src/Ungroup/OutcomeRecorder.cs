using Microsoft.Extensions.Logging;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Requests;

namespace Ungroup;

internal sealed partial class OutcomeRecorder(
    RemovalLedger ledger, OutcomePublisher publisher, TimeProvider clock, Telemetry telemetry, ILogger<OutcomeRecorder> logger)
{
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(2);
    private const int MostSaves = 5;

    public OutcomePublisher Publisher => publisher;

    /// <summary>Contained resources that are not any more; alerts count them with the outcomes.</summary>
    public void CountBroken(int broken) => telemetry.Broken(broken);

    /// <summary>Returns null where another owner has taken the request over, and nothing was published.</summary>
    public async Task<OutcomeEvent?> RecordAsync(
        RemovalRequest request, Lease lease, Outcome outcome, string messageId, DateTimeOffset askedAt)
    {
        var now = clock.GetUtcNow();
        if (await SaveAsync(lease, outcome, previous => OutcomeEventWriter.Write(request, outcome with { PreviousEvidenceHash = previous }, lease.Record, messageId, now)) is not { } told)
        {
            return null;
        }

        telemetry.Decided(outcome, now - askedAt);
        await LetGoAsync(lease.Record, told);
        await publisher.PublishAsync(lease.Stored, told, CancellationToken.None);
        return told;
    }

    /// <summary>Others may change the resources again. A row that stays held by a request that has ended is as free, so that this may fail.</summary>
    private async Task LetGoAsync(LedgerRecord record, OutcomeEvent told)
    {
        try
        {
            await ledger.Rows.ReleaseAsync(record, record.Snapshot?.Interfaces.Select(one => one.Resource).Append(told.Subject) ?? []);
        }
        catch (LedgerUnavailableException error)
        {
            Log.NotLetGo(logger, told.Subject, error);
        }
    }

    /// <summary>Tries a few times: a later owner would have to ask ECS again. Null where that has been decided already.</summary>
    private async Task<OutcomeEvent?> SaveAsync(Lease lease, Outcome outcome, Func<string?, OutcomeEvent> write)
    {
        var told = write(null);
        for (var tries = 1; ; tries++)
        {
            try
            {
                if (outcome.IsEvidence)
                {
                    await ledger.Rows.LinkAsync(lease.Record, told.Subject, previous => OutcomeEventWriter.EvidenceHashOf(told = write(previous)), CancellationToken.None);
                }

                return await ledger.RecordAsync(lease, told, CancellationToken.None) ? told : null;
            }
            catch (LedgerUnavailableException error) when (tries < MostSaves)
            {
                Log.NotSaved(logger, told.Subject, tries, error);
                await Task.Delay(BetweenSaves, clock, CancellationToken.None);
            }
        }
    }

    public async Task<bool> TellAsync(Rejection rejection, Delivery delivery)
    {
        if (!await publisher.TryPublishAsync(rejection.Event, CancellationToken.None))
        {
            return false;
        }

        telemetry.Decided(rejection.Outcome, clock.GetUtcNow() - delivery.EnqueuedAt);
        return true;
    }

    public void GiveUpTelling(Rejection rejection, Delivery delivery)
    {
        Log.Untold(logger, delivery.MessageId, rejection.Code, rejection.Outcome.Sentence);
        telemetry.Untold(rejection.Outcome);
    }

    private static partial class Log
    {
        [LoggerMessage(602, LogLevel.Error, "Message {MessageId} is dead-lettered untold: the outcome bus did not take its Rejected event ({Code}) for an hour. {Sentence}")]
        public static partial void Untold(ILogger logger, string messageId, string code, string sentence);

        [LoggerMessage(203, LogLevel.Warning, "The row of {Subject} was not written behind its outcome; the next request about it does without.")]
        public static partial void NotLetGo(ILogger logger, string subject, Exception error);

        [LoggerMessage(202, LogLevel.Warning, "The outcome of {Subject} was not saved at try {Tries}; its message stays until it is, or until ECS has been read back.")]
        public static partial void NotSaved(ILogger logger, string subject, int tries, Exception error);
    }
}
