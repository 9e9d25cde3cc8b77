namespace Ungroup.Ledger;

/// <summary>A short text that all instances share, beside the records.</summary>
/// <param name="Name">1–200 of <c>A-Z a-z 0-9 . _ : -</c>.</param>
/// <param name="Text">At most 32,000 characters.</param>
/// <param name="Version">As of a <see cref="StoredRecord"/>.</param>
/// <param name="WrittenAt">As of a <see cref="StoredRecord"/>.</param>
/// <param name="StoreTime">As of a <see cref="StoredRecord"/>.</param>
public sealed record SharedNote(string Name, string Text, string Version, DateTimeOffset WrittenAt, DateTimeOffset StoreTime)
{
    public TimeSpan Age => StoreTime - WrittenAt;
}

internal static class SharedNotes
{
    public static async Task<SharedNote?> ReadNoteAsync(this ILedgerStore store, string name, CancellationToken cancellationToken) =>
        (await store.ReadNotesAsync(name, cancellationToken)).FirstOrDefault(note => note.Name == name);
}
