namespace Ungroup.Ledger;

/// <summary>
/// Work that one instance at a time should do. Taking turns saves work; it guards nothing, since a turn that has run out
/// may find its holder still at it.
/// </summary>
internal sealed class SharedTurn(ILedgerStore store, LedgerOwner owner)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Takes or keeps the turn. False: another instance has it.</summary>
    public async Task<bool> TakeAsync(string name, CancellationToken cancellationToken)
    {
        var current = await store.ReadNoteAsync(name, cancellationToken);
        return (current is null || current.Text.Length == 0 || current.Text == owner.Id || current.Age > Longest || store.IsGone(current.Text))
            && await store.WriteNoteAsync(current, name, owner.Id, cancellationToken) is not null;
    }

    /// <summary>Leaves the turn to whoever wants it next.</summary>
    public async Task LeaveAsync(string name, CancellationToken cancellationToken)
    {
        var current = await store.ReadNoteAsync(name, cancellationToken);
        if (current?.Text == owner.Id)
        {
            await store.WriteNoteAsync(current, name, "", cancellationToken);
        }
    }
}
