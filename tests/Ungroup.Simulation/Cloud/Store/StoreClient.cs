using Ungroup.Ledger;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Cloud.Store;

/// <summary>The store as one worker reaches it: over the wire.</summary>
internal sealed class StoreClient(SimulatedStore store, Wire wire, Trips trips, Process process, WorkerClock clock, StoreDefects defects) : ILedgerStore
{
    public IRowStore Rows => new RowsClient(store.Rows, this, defects.Defect);

    public async Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken)
    {
        var (stored, inserted) = await CallAsync(() => store.Insert(record), cancellationToken);
        return (defects.Read(stored, record.PayloadHash, inserted, clock), inserted);
    }

    public async Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken)
    {
        var work = CurrentWork.Of;
        if (work is { Receipt: null } && next.Epoch > expected.Record.Epoch)
        {
            work.Key = next.Key;
        }

        if (next.Attempts > expected.Record.Attempts && work is not null)
        {
            work.PassedAt ??= (clock.GetUtcNow() - clock.Skew, clock.GetUtcNow());
        }

        await defects.BeforeAsync(next);
        var written = await CallAsync(() => store.Replace(expected, defects.Written(next)), cancellationToken);
        return written is null ? null : defects.Read(written, next.PayloadHash, isOurs: true, clock);
    }

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) => CallAsync(() => store.Peek(key), cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, DateTimeOffset before, StoredRecord? behind, int atMost, CancellationToken cancellationToken) =>
        CallAsync(() => store.ReadDue(due, before, defects.Behind(behind), atMost), cancellationToken);

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) =>
        CallAsync(() => store.MarkPublished(decided), cancellationToken);

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => CallAsync(() => store.Forget(now), cancellationToken);

    public Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken)
    {
        if (defects.Hides(prefix))
        {
            return Task.FromResult<IReadOnlyList<SharedNote>>([]);
        }

        var by = CurrentWork.Of?.Key;
        return CallAsync(() => store.ReadNotes(prefix, by), cancellationToken);
    }

    public Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken) =>
        CallAsync(() => store.WriteNote(expected, name, text), cancellationToken);

    public Task<bool> DeleteNoteAsync(SharedNote expected, CancellationToken cancellationToken) =>
        CallAsync(() => store.DeleteNote(expected), cancellationToken);

    public bool IsGone(string owner) => defects.IsGone(owner);

    internal Task<T> CallAsync<T>(Func<T> effect, CancellationToken cancellationToken) =>
        wire.CallAsync(process, trips.Store(), effect, cancellationToken);
}

/// <summary>Breaks what a client of the store reads and writes; nothing, but for the variants that are about it.</summary>
internal sealed class StoreDefects(Defect defect)
{
    private readonly Dictionary<LedgerKey, DateTimeOffset> _writtenAt = [];

    public Defect Defect => defect;

    public Func<LedgerRecord, Task> BeforeAsync { get; set; } = _ => Task.CompletedTask;

    public Func<string, bool> IsRunning { get; set; } = _ => true;

    public bool IsGone(string owner) => defect == Defect.TheDeadAreKnownAtOnce && !IsRunning(owner);

    public bool Hides(string prefix) => defect == Defect.StopsAreNotSeen && prefix.StartsWith("hold:", StringComparison.Ordinal);

    public StoredRecord? Behind(StoredRecord? behind) => defect == Defect.SweepReadsTheOldestOnly ? null : behind;

    public LedgerRecord Written(LedgerRecord next) => defect switch
    {
        Defect.MayHaveLeftIsForgotten => next with { MayHaveLeft = false },
        Defect.AttemptsAreForgotten when next is { Owner: null, Outcome: null } => next with { Attempts = 0 },
        _ => next,
    };

    public StoredRecord Read(StoredRecord stored, string asked, bool isOurs, WorkerClock clock)
    {
        if (defect == Defect.LeaseByWorkerClock)
        {
            // As if each worker had stamped its writes itself.
            var now = clock.GetUtcNow();
            var writtenAt = isOurs ? _writtenAt[stored.Record.Key] = now : _writtenAt.GetValueOrDefault(stored.Record.Key, stored.WrittenAt);
            return stored with { WrittenAt = writtenAt, StoreTime = now };
        }

        return defect == Defect.PayloadHashIgnored ? stored with { Record = stored.Record with { PayloadHash = asked } } : stored;
    }
}
