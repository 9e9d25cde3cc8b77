using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Store;

/// <summary>The ledger's store as its service sees it: one set of records under its own clock, and every write is written down.</summary>
internal sealed class SimulatedStore(History history, Schedule schedule, TimeSpan skew, Defect defect)
{
    private const string Name = "store";

    /// <summary>How far its clock is off.</summary>
    public TimeSpan Skew => skew;

    private readonly MemoryLedgerStore _records = new(new WorkerClock(schedule, new(schedule, Name), skew));
    private readonly HashSet<LedgerKey> _keys = [];
    private SimulatedRows? _rows;

    public SimulatedRows Rows => _rows ??= new(history, _records.Rows, defect);

    /// <summary>Told of every request that gets its outcome.</summary>
    public Action<LedgerRecord> Decided { get; set; } = _ => { };

    /// <summary>Whether what is asked is still to be done, in truth.</summary>
    public Func<Requests.RemovalRequest?, bool> IsMember { get; set; } = _ => false;

    /// <summary>Records whose event was not noted as sent.</summary>
    public int UnfinishedRequests { get; private set; }

    /// <summary>The same, and the jobs.</summary>
    public int Unfinished => UnfinishedRequests + (_rows?.Unfinished ?? 0);

    public IEnumerable<LedgerKey> Keys => _keys;

    public StoredRecord? Peek(LedgerKey key) => _records.ReadAsync(key, default).Result;

    public (StoredRecord Stored, bool Inserted) Insert(LedgerRecord record)
    {
        if (defect == Defect.InsertOverwrites && Peek(record.Key) is { } there)
        {
            return (Replace(there, record)!, true);
        }

        var answer = _records.InsertAsync(record, default).Result;
        if (answer.Inserted)
        {
            Write(null, record);
        }

        return answer;
    }

    public StoredRecord? Replace(StoredRecord expected, LedgerRecord next)
    {
        var current = Peek(next.Key);
        if (Pretends(next))
        {
            return expected with { Record = next, StoreTime = current!.StoreTime, WrittenAt = current.StoreTime };
        }

        if (defect == Defect.PayloadHashIgnored)
        {
            next = next with { PayloadHash = current!.Record.PayloadHash };
        }

        var kept = defect == Defect.SnapshotsAreLost && next.Outcome is null ? next with { Snapshot = null } : next;
        var written = _records.ReplaceAsync(defect == Defect.UnconditionalWrites ? current! : expected, kept, default).Result;
        if (written is null)
        {
            history.Count(Incident.WriteConflict);
            history.Add(Name, new Happening.Note($"refuses {next.Key.RequestId} {next.State} by {next.Owner}: somebody has written since"));
            return null;
        }

        if (next.Epoch > current!.Record.Epoch)
        {
            history.Count(Incident.LeaseTakenOver);
        }

        Write(current.Record, kept);
        return written with { Record = next };
    }

    public IReadOnlyList<StoredRecord> ReadDue(Due due, DateTimeOffset before, StoredRecord? behind, int atMost) =>
        _records.ReadDueAsync(due, before, behind, atMost, default).Result;

    public bool MarkPublished(IReadOnlyList<StoredRecord> decided)
    {
        var before = decided.Select(stored => stored.Record.Key).Distinct().Select(key => Peek(key)!.Record).ToList();
        _ = _records.MarkPublishedAsync(decided, default);
        foreach (var was in before)
        {
            if (Peek(was.Key)!.Record is var now && now.State != was.State)
            {
                Write(was, now);
            }
        }

        return true;
    }

    public int Forget(DateTimeOffset now) => _records.ForgetAsync(now, default).Result;

    /// <param name="prefix">How their names begin.</param>
    /// <param name="by">The request that the reader works on; null for none.</param>
    public IReadOnlyList<SharedNote> ReadNotes(string prefix, LedgerKey? by)
    {
        if (by is not null && ResourceNotes.IsOne(prefix))
        {
            history.Add(Name, ResourceNotes.Shown(prefix, by));
        }

        return _records.ReadNotesAsync(prefix, default).Result;
    }

    public SharedNote? WriteNote(SharedNote? expected, string name, string text)
    {
        text = ResourceNotes.IsOne(name) ? ResourceNotes.Broken(text, defect) : text;
        text = defect == Defect.ChangesAreNotCounted && name.StartsWith("changes:", StringComparison.Ordinal) ? "{}" : text;
        var written = _records.WriteNoteAsync(expected, name, text, default).Result;
        if (written is not null && ResourceNotes.IsOne(name))
        {
            history.Add(Name, ResourceNotes.Wrote(name, expected?.Text, text));
        }

        return written;
    }

    public bool DeleteNote(SharedNote expected) => _records.DeleteNoteAsync(expected, default).Result;

    private bool Pretends(LedgerRecord next) =>
        (defect == Defect.DecidedIsLost && next.State == LedgerState.Decided)
        || (defect == Defect.CalledIsLost && next is { State: LedgerState.Called, Owner: not null });

    private void Write(LedgerRecord? before, LedgerRecord after)
    {
        UnfinishedRequests += (after.State == LedgerState.Published ? 0 : 1) - (before is null or { State: LedgerState.Published } ? 0 : 1);
        _keys.Add(after.Key);
        history.Add(Name, new Happening.Wrote(before, after, IsMember((before ?? after).Request)));
        if (after.State == LedgerState.Decided && before is not null)
        {
            Decided(before);
        }
    }
}
