using Microsoft.Extensions.Logging;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Requests;

namespace Ungroup;

/// <summary>Makes an outcome durable together with its event, and then tells it.</summary>
internal sealed partial class OutcomeRecorder(
    RemovalLedger ledger, OutcomePublisher publisher, TimeProvider clock, Telemetry telemetry, ILogger<OutcomeRecorder> logger)
{
    private static readonly TimeSpan BetweenSaves = TimeSpan.FromSeconds(2);
    private const int MostSaves = 5;

    public OutcomePublisher Publisher => publisher;

    /// <summary>Null where somebody else has taken the request over, and nothing was told.</summary>
    public async Task<OutcomeEvent?> RecordAsync(
        RemovalRequest request, Lease lease, Outcome outcome, string messageId, DateTimeOffset askedAt)
    {
        var now = clock.GetUtcNow();
        var told = OutcomeEventWriter.Write(request, outcome, lease.Record, messageId, now);
        if (!await SaveAsync(lease, told))
        {
            return null;
        }

        telemetry.Decided(outcome, now - askedAt);
        await publisher.PublishAsync(lease.Stored, told, CancellationToken.None);
        return told;
    }

    /// <summary>What ECS has just said is worth a few tries: a later owner would have to find it out again.</summary>
    private async Task<bool> SaveAsync(Lease lease, OutcomeEvent told)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await ledger.DecideAsync(lease, told, CancellationToken.None);
            }
            catch (LedgerUnavailableException error) when (tries < MostSaves)
            {
                Log.NotSaved(logger, told.Subject, tries, error);
                await Task.Delay(BetweenSaves, clock, CancellationToken.None);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(202, LogLevel.Warning, "The outcome of {Subject} was not saved at try {Tries}; its message stays until it is, or until ECS has been read back.")]
        public static partial void NotSaved(ILogger logger, string subject, int tries, Exception error);
    }
}
