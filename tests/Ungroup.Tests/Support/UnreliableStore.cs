using Ungroup.Ledger;

namespace Ungroup.Tests.Support;

/// <summary>A store that answers, or does not, as the test says: before the write, or after it was made.</summary>
internal sealed class UnreliableStore(ILedgerStore store) : ILedgerStore
{
    /// <summary>How many inserts fail from now on.</summary>
    public int InsertsToFail { get; set; }

    /// <summary>Why no new record is taken, now or later; null where they are.</summary>
    public string? Refuses { get; set; }

    /// <summary>How many conditional writes fail from now on.</summary>
    public int WritesToFail { get; set; }

    /// <summary>The writes that fail are made all the same: only their reply is lost.</summary>
    public bool LosesReplies { get; set; }

    /// <summary>Every conditional write waits for it.</summary>
    public Func<LedgerRecord, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>The reply to every conditional write waits for it.</summary>
    public Func<LedgerRecord, Task> After { get; set; } = _ => Task.CompletedTask;

    public bool IsWaiting { get; private set; }

    /// <summary>Notes can neither be read nor written.</summary>
    public bool NotesAreAway { get; set; }

    /// <summary>Whose process is known to have ended.</summary>
    public string? Gone { get; set; }

    /// <summary>Others write notes at the same moment, always a moment earlier.</summary>
    public bool NotesAreContended { get; set; }

    /// <summary>Happens while a note is written.</summary>
    public Action WhileWritingNotes { get; set; } = () => { };

    /// <summary>Every read of notes waits for it.</summary>
    public Func<Task> BeforeNotes { get; set; } = () => Task.CompletedTask;

    /// <summary>For how long what a read of notes tells has been under way.</summary>
    public Func<TimeSpan> NotesAreOld { get; set; } = () => TimeSpan.Zero;

    /// <summary>How often holds were asked for.</summary>
    public int HoldsRead { get; private set; }

    /// <summary>How often notes were asked for, but for the rows of resources and the holds.</summary>
    public int NotesRead { get; private set; }

    /// <summary>How many notes were written.</summary>
    public int NotesWritten { get; private set; }

    /// <summary>The process stops for good before it has written this.</summary>
    public Func<LedgerRecord, bool> HangsBefore { get; set; } = _ => false;

    /// <summary>The process stops for good once it has written this.</summary>
    public Func<LedgerRecord, bool> HangsAfter { get; set; } = _ => false;

    public IRowStore Rows => store.Rows;

    public async Task<(StoredRecord Stored, bool Inserted)> InsertAsync(LedgerRecord record, CancellationToken cancellationToken)
    {
        await HangAsync(HangsBefore(record));
        if (Refuses is { } why)
        {
            throw new LedgerUnavailableException(why, LedgerTrouble.Refused);
        }

        if (InsertsToFail-- > 0)
        {
            throw await FailAsync(() => store.InsertAsync(record, cancellationToken));
        }

        var stored = await store.InsertAsync(record, cancellationToken);
        await HangAsync(HangsAfter(record));
        return stored;
    }

    public async Task<StoredRecord?> ReplaceAsync(StoredRecord expected, LedgerRecord next, CancellationToken cancellationToken)
    {
        await WaitAsync(Before(next));
        await HangAsync(HangsBefore(next));
        if (WritesToFail-- > 0)
        {
            throw await FailAsync(() => store.ReplaceAsync(expected, next, cancellationToken));
        }

        var written = await store.ReplaceAsync(expected, next, cancellationToken);
        await WaitAsync(After(next));
        await HangAsync(HangsAfter(next));
        return written;
    }

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, DateTimeOffset before, StoredRecord? behind, int atMost, CancellationToken cancellationToken) =>
        store.ReadDueAsync(due, before, behind, atMost, cancellationToken);

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) =>
        store.MarkPublishedAsync(decided, cancellationToken);

    public Task<int> ForgetAsync(DateTimeOffset now, CancellationToken cancellationToken) => store.ForgetAsync(now, cancellationToken);

    public async Task<IReadOnlyList<SharedNote>> ReadNotesAsync(string prefix, CancellationToken cancellationToken)
    {
        var isHold = prefix.StartsWith("hold:", StringComparison.Ordinal);
        HoldsRead += isHold ? 1 : 0;
        NotesRead += isHold || prefix.StartsWith("resource:", StringComparison.Ordinal) ? 0 : 1;
        await BeforeNotes();
        var old = NotesAreOld();
        return NotesAreAway ? throw new LedgerUnavailableException("The store is away.")
            : [.. (await store.ReadNotesAsync(prefix, cancellationToken)).Select(note => note with { StoreTime = note.StoreTime - old })];
    }

    public Task<SharedNote?> WriteNoteAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken) =>
        NotesAreAway ? throw new LedgerUnavailableException("The store is away.") : WriteNoteToStoreAsync(expected, name, text, cancellationToken);

    public Task<bool> DeleteNoteAsync(SharedNote expected, CancellationToken cancellationToken) =>
        NotesAreAway ? throw new LedgerUnavailableException("The store is away.") : store.DeleteNoteAsync(expected, cancellationToken);

    public bool IsGone(string owner) => Gone == owner || store.IsGone(owner);

    private async Task<SharedNote?> WriteNoteToStoreAsync(SharedNote? expected, string name, string text, CancellationToken cancellationToken)
    {
        WhileWritingNotes();
        NotesWritten++;
        return NotesAreContended ? null : await store.WriteNoteAsync(expected, name, text, cancellationToken);
    }

    private Task WaitAsync(Task wait)
    {
        IsWaiting = !wait.IsCompleted;
        return wait;
    }

    private static Task HangAsync(bool hangs) => hangs ? new TaskCompletionSource().Task : Task.CompletedTask;

    private async Task<LedgerUnavailableException> FailAsync(Func<Task> write)
    {
        if (LosesReplies)
        {
            await write();
        }

        return new("The disk is full.");
    }
}
