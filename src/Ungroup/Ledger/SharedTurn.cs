namespace Ungroup.Ledger;

/// <summary>Lets one instance at a time do shared work. It saves work and guards nothing: an expired holder may still be at it.</summary>
internal sealed class SharedTurn(ILedgerStore store, LedgerOwner owner)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public async Task<bool> TakeAsync(string name, CancellationToken cancellationToken)
    {
        var current = await store.ReadNoteAsync(name, cancellationToken);
        return (current is null || current.Text.Length == 0 || current.Text == owner.Id || current.Age > Longest || store.IsGone(current.Text))
            && await store.WriteNoteAsync(current, name, owner.Id, cancellationToken) is not null;
    }

    public async Task LeaveAsync(string name, CancellationToken cancellationToken)
    {
        var current = await store.ReadNoteAsync(name, cancellationToken);
        if (current?.Text == owner.Id)
        {
            await store.WriteNoteAsync(current, name, "", cancellationToken);
        }
    }
}
