using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Ungroup.Circuits;
using Ungroup.Ecs.Changes;
using Ungroup.Holds;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Watch;

namespace Ungroup;

/// <summary>
/// Does the work that no message brings up any more: publishes outcomes that were decided and never published, ends requests that
/// have passed their deadline, wakes jobs, forgets old records. A host runs it by a timer, and one instance at a time does the work.
/// </summary>
public sealed partial class Sweep
{
    private const string Turn = "sweep";

    // Younger ones are most likely in the hands of the delivery that decided them. The store's clock counts: a worker's may be fast.
    private static readonly TimeSpan PublishAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WhateverTheClocksSay = TimeSpan.FromDays(-1);

    private static readonly TimeSpan EndAfter = TimeSpan.FromMinutes(5);

    private readonly RemovalLedger _ledger;
    private readonly SharedTurn _turn;
    private readonly CircuitNote _circuits;
    private readonly RemovalHandler _handler;
    private readonly OutcomeRecorder _recorder;
    private readonly ILogger<Sweep> _logger;
    private readonly ContainmentWatch? _watch;
    private readonly HourAllowances? _holds;
    private readonly JobSweep? _jobs;
    private readonly DueRounds _pending;
    private readonly DueRounds _overdue;

    internal Sweep(
        RemovalLedger ledger, SharedTurn turn, CircuitNote circuits, RemovalHandler handler, OutcomeRecorder recorder, ILogger<Sweep> logger,
        ContainmentWatch? watch = null, HourAllowances? holds = null, JobSweep? jobs = null, int pageSize = 100)
    {
        _ledger = ledger;
        _turn = turn;
        _circuits = circuits;
        _handler = handler;
        _recorder = recorder;
        _logger = logger;
        _watch = watch;
        _holds = holds;
        _jobs = jobs;
        _pending = new(ledger, Due.Publishing, WhateverTheClocksSay) { PageSize = pageSize };
        _overdue = new(ledger, Due.Ending, EndAfter) { PageSize = pageSize };
    }

    /// <exception cref="LedgerUnavailableException">
    /// The ledger is away; the next round finds the same work. Or it is <see cref="LedgerTrouble.Gone"/>, and this process should end.
    /// </exception>
    public async Task<SweepReport> RunAsync(CancellationToken cancellationToken)
    {
        await _ledger.CheckAsync(cancellationToken);
        await _circuits.ExchangeAsync(cancellationToken);
        if (!await _turn.TakeAsync(Turn, cancellationToken))
        {
            return default;
        }

        try
        {
            var report = new SweepReport(
                await _pending.RunAsync(PublishAsync, HasTurnAsync, cancellationToken),
                await _overdue.RunAsync(EndAsync, HasTurnAsync, cancellationToken),
                await _ledger.ForgetAsync(cancellationToken));
            await (_holds?.ForgetAsync(cancellationToken) ?? Task.CompletedTask);
            _recorder.CountBroken(await (_watch?.RunAsync(cancellationToken) ?? Task.FromResult(0)));
            await (_jobs?.RunAsync(cancellationToken) ?? Task.CompletedTask);
            return report;
        }
        finally
        {
            await _turn.LeaveAsync(Turn, CancellationToken.None);
        }
    }

    private Task<bool> HasTurnAsync(CancellationToken cancellationToken) => _turn.TakeAsync(Turn, cancellationToken);

    private async Task<PageResult> PublishAsync(IReadOnlyList<StoredRecord> page, CancellationToken cancellationToken)
    {
        var pending = page.Where(stored => stored.StoreTime - stored.WrittenAt >= PublishAfter).ToList();
        var sent = await Task.WhenAll(pending.Select(stored => _recorder.Publisher.SendAsync(stored.Record.Outcome!, cancellationToken)));
        StoredRecord[] published = [.. pending.Zip(sent).Where(pair => pair.Second == Publication.Taken).Select(pair => pair.First)];
        if (published.Length > 0)
        {
            await _ledger.MarkPublishedAsync(published, cancellationToken);
        }

        return new(published.Length, IsInVain: sent.Length > 0 && sent.All(one => one == Publication.NotNow));
    }

    private async Task<PageResult> EndAsync(IReadOnlyList<StoredRecord> page, CancellationToken cancellationToken)
    {
        var ended = 0;
        foreach (var stored in page)
        {
            try
            {
                ended += await EndAsync(stored, cancellationToken) ? 1 : 0;
            }
            catch (LedgerUnavailableException refused) when (refused.Trouble == LedgerTrouble.Refused)
            {
                Log.NotEnded(_logger, stored.Record.Key.RequestId, refused.Message);
            }
        }

        return new(ended, IsInVain: ended == 0);
    }

    private async Task<bool> EndAsync(StoredRecord stored, CancellationToken cancellationToken)
    {
        if (await _ledger.TakeOverAsync(stored, cancellationToken) is not { } lease)
        {
            return false;
        }

        var record = lease.Record;
        switch (await _handler.EndAsync(lease, cancellationToken))
        {
            case RemovalResult.Decided { Outcome: var outcome }:
                Log.Ended(_logger, record.Key.RequestId, outcome.Status);
                return await _recorder.RecordAsync(record.Request!, lease, outcome, record.MessageId, record.FirstSeenAt) is not null;

            case RemovalResult.Wait wait:
                await _ledger.ReleaseAsync(lease, wait.Until, wait.MayHaveLeft, wait.Code, wait.QuotaUsedByOthers, CancellationToken.None, wait.Reason);
                return false;

            case RemovalResult.LeaseLost:
                return false;

            default:
                throw new UnreachableException();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(603, LogLevel.Warning, "The message of request {RequestId} did not come back before its deadline; the sweep has ended it: {Status}.")]
        public static partial void Ended(ILogger logger, string requestId, OutcomeStatus status);

        [LoggerMessage(619, LogLevel.Error, "The message of request {RequestId} did not come back before its deadline, and its end cannot be written down: {Reason}")]
        public static partial void NotEnded(ILogger logger, string requestId, string reason);
    }
}

/// <summary>The work of one round of the sweep; nothing where another instance has the turn.</summary>
/// <param name="Published">Outcomes told that were decided earlier.</param>
/// <param name="Ended">Requests given an outcome because their message is gone.</param>
/// <param name="Forgotten">Records deleted.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SweepReport(int Published, int Ended, int Forgotten);
