using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Ledger;

namespace Ungroup.Outcomes;

/// <summary>
/// Does what no message brings up any more: publishes what was decided and never published, ends what has passed its
/// deadline, forgets what is old. A host runs it by a timer; of all instances one at a time does that work. Each one tells
/// the others what it has found closed.
/// </summary>
public sealed partial class Sweep
{
    private const string Turn = "sweep";
    private const int BatchSize = 100;

    // Younger ones are most likely in the hands of the delivery that decided them.
    private static readonly TimeSpan PublishAfter = TimeSpan.FromSeconds(30);

    // A message comes at its deadline at the latest. One that has not come by then is gone.
    private static readonly TimeSpan EndAfter = TimeSpan.FromMinutes(5);

    private readonly RemovalLedger _ledger;
    private readonly SharedTurn _turn;
    private readonly CircuitNote _circuits;
    private readonly RemovalDecision _decision;
    private readonly OutcomeRecorder _recorder;
    private readonly ILogger<Sweep> _logger;

    internal Sweep(
        RemovalLedger ledger, SharedTurn turn, CircuitNote circuits, RemovalDecision decision, OutcomeRecorder recorder, ILogger<Sweep> logger)
    {
        _ledger = ledger;
        _turn = turn;
        _circuits = circuits;
        _decision = decision;
        _recorder = recorder;
        _logger = logger;
    }

    /// <exception cref="LedgerUnavailableException">The ledger is away; the next round finds the same work.</exception>
    public async Task<SweepReport> RunAsync(CancellationToken cancellationToken)
    {
        await _circuits.ExchangeAsync(cancellationToken);
        if (!await _turn.TakeAsync(Turn, cancellationToken))
        {
            return default;
        }

        try
        {
            return new(
                await InBatchesAsync(PublishPendingAsync, cancellationToken),
                await InBatchesAsync(EndOverdueAsync, cancellationToken),
                await _ledger.ForgetAsync(cancellationToken));
        }
        finally
        {
            await _turn.LeaveAsync(Turn, CancellationToken.None);
        }
    }

    /// <summary>Full batches only lead to another one, for as long as the turn is ours.</summary>
    private async Task<int> InBatchesAsync(Func<CancellationToken, Task<int>> workAsync, CancellationToken cancellationToken)
    {
        for (var total = 0; ;)
        {
            var done = await workAsync(cancellationToken);
            total += done;
            if (done < BatchSize || !await _turn.TakeAsync(Turn, cancellationToken))
            {
                return total;
            }
        }
    }

    /// <summary>Returns how many the bus took: where it has refused one, there is no further batch.</summary>
    private async Task<int> PublishPendingAsync(CancellationToken cancellationToken)
    {
        var pending = await _ledger.ReadDueAsync(Due.Publishing, PublishAfter, BatchSize, cancellationToken);
        var taken = await Task.WhenAll(pending.Select(stored => _recorder.Publisher.TryPublishAsync(stored.Record.Outcome!, cancellationToken)));
        StoredRecord[] published = [.. pending.Zip(taken).Where(pair => pair.Second).Select(pair => pair.First)];
        if (published.Length > 0)
        {
            await _ledger.MarkPublishedAsync(published, cancellationToken);
        }

        return published.Length;
    }

    private async Task<int> EndOverdueAsync(CancellationToken cancellationToken)
    {
        var ended = 0;
        foreach (var stored in await _ledger.ReadDueAsync(Due.Ending, EndAfter, BatchSize, cancellationToken))
        {
            ended += await EndAsync(stored, cancellationToken) ? 1 : 0;
        }

        return ended;
    }

    /// <summary>False where somebody works on it, or nothing could be said yet.</summary>
    private async Task<bool> EndAsync(StoredRecord stored, CancellationToken cancellationToken)
    {
        if (await _ledger.TakeOverAsync(stored, cancellationToken) is not { } lease)
        {
            return false;
        }

        var record = lease.Record;
        switch (await _decision.DecideAsync(record.Request!, lease, postponements: 0, cancellationToken))
        {
            case RemovalVerdict.Ended { Outcome: var outcome }:
                Log.Ended(_logger, record.Key.RequestId, outcome.Status);
                return await _recorder.RecordAsync(record.Request!, lease, outcome, record.MessageId, record.FirstSeenAt) is not null;

            case RemovalVerdict.Wait wait:
                await _ledger.ReleaseAsync(lease, wait.Until, wait.MayHaveLeft, wait.Code, wait.MetOthers, CancellationToken.None);
                return false;

            case RemovalVerdict.LeaseLost:
                return false;

            default:
                throw new UnreachableException();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(603, LogLevel.Warning, "The message of request {RequestId} did not come back before its deadline; the sweep has ended it: {Status}.")]
        public static partial void Ended(ILogger logger, string requestId, OutcomeStatus status);
    }
}

/// <summary>What one round of the sweep did; nothing where another instance has the turn.</summary>
/// <param name="Published">Outcomes told that were decided earlier.</param>
/// <param name="Ended">Requests given an outcome because their message is gone.</param>
/// <param name="Forgotten">Records deleted.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SweepReport(int Published, int Ended, int Forgotten);
