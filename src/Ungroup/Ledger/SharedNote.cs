namespace Ungroup.Ledger;

/// <summary>A short text that all instances share: a name of at most 200 of <c>A-Z a-z 0-9 . _ : -</c>, and at most 32,000 characters.</summary>
internal sealed record SharedNote(string Name, string Text, string Version, DateTimeOffset WrittenAt, DateTimeOffset StoreTime)
{
    public TimeSpan Age => StoreTime - WrittenAt;
}

internal static class SharedNotes
{
    public static async Task<SharedNote?> ReadNoteAsync(this ILedgerStore store, string name, CancellationToken cancellationToken) =>
        (await store.ReadNotesAsync(name, cancellationToken)).FirstOrDefault(note => note.Name == name);
}
