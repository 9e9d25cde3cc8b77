using System.Text.Json;

namespace Ungroup.Ledger;

/// <summary>
/// One row for each resource that a contain or a restore has been about. Holding it lets one request at a time change the resource:
/// the row names the request, and is free once that has ended, so that whoever takes a request over holds its rows as well.
/// </summary>
internal sealed class ResourceRows(ILedgerStore store, TimeProvider clock)
{
    // Another request may have written in between; that it has again and again means that something is wrong.
    private const int MostTries = 20;

    private const string Prefix = "resource:";

    public async Task<ResourceRow> ReadAsync(string account, string resource, CancellationToken cancellationToken) =>
        RowIn(await store.ReadNoteAsync(NameOf(account, resource), cancellationToken));

    /// <summary>The other request that changes the resource now; null where none does.</summary>
    public async Task<string?> HolderAsync(LedgerKey request, string resource, CancellationToken cancellationToken) =>
        await OtherHolderAsync(request, await ReadAsync(request.Account, resource, cancellationToken), cancellationToken);

    /// <summary>The request that changes the resource of a row now; null where nobody does, also where the holder has ended and was gone before it let go.</summary>
    public Task<string?> HolderAsync(string account, ResourceRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        return OtherHolderAsync(new(account, string.Empty), row, cancellationToken);
    }

    /// <summary>Takes the row, or keeps it. For a contain it says from now on that the resource is contained, so that no removal that ends after this is overlooked.</summary>
    /// <returns>The row, and who holds it where that is another request; then nothing was written.</returns>
    public async Task<(ResourceRow Row, string? Holder)> TakeAsync(LedgerRecord owned, string resource, bool contains, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owned);
        var request = owned.Key;
        for (var tries = 0; tries < MostTries; tries++)
        {
            var note = await store.ReadNoteAsync(NameOf(request.Account, resource), cancellationToken);
            var row = RowIn(note);
            if (row.HeldBy == request.RequestId && row.Epoch >= owned.Epoch)
            {
                return (row, row.Epoch > owned.Epoch ? row.HeldBy : null);
            }

            if (await OtherHolderAsync(request, row, cancellationToken) is { } holder)
            {
                return (row, holder);
            }

            var taken = row with { HeldBy = request.RequestId, Epoch = owned.Epoch };
            if (contains && row.ContainedBy != request.RequestId && await ContainmentAsync(request.Account, resource, row, cancellationToken) is null)
            {
                taken = taken with { ContainedBy = request.RequestId, ContainedAt = clock.GetUtcNow(), SnapshotNumber = row.SnapshotNumber + 1, LeftIn = null, IsolatedIn = [] };
            }

            if (await WriteAsync(note, request.Account, resource, taken, cancellationToken))
            {
                return (taken, null);
            }
        }

        throw Contended(resource);
    }

    /// <summary>Writes what a change of the row makes of it, and nothing where that is the same.</summary>
    public async Task UpdateAsync(string account, string resource, Func<ResourceRow, ResourceRow> change, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var note = await store.ReadNoteAsync(NameOf(account, resource), cancellationToken);
            var row = RowIn(note);
            var changed = change(row);
            if (changed == row || await WriteAsync(note, account, resource, changed, cancellationToken))
            {
                return;
            }
        }

        throw Contended(resource);
    }

    /// <summary>A removal has ended: a resource that is contained, or was, does not go back to that group.</summary>
    public Task NoteRemovedAsync(LedgerKey request, string resource, string group, CancellationToken cancellationToken) => UpdateAsync(
        request.Account,
        resource,
        row => (row.ContainedBy is null && !row.WasContained) || row.Removed.Any(one => one.Group == group && one.SnapshotNumber == row.SnapshotNumber)
            ? row
            : row.With(new RemovedGroup(group, request.RequestId, row.SnapshotNumber)),
        cancellationToken);

    /// <summary>
    /// Puts an outcome at the end of its resource's chain, before it is durable: of two that end at once, one comes behind the other. A request
    /// that is decided once more takes the place that it had.
    /// </summary>
    /// <param name="owned">The request that it ends.</param>
    /// <param name="resource">The resource that it tells of.</param>
    /// <param name="hashBehind">Its hash, told the hash of the outcome before it.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task LinkAsync(LedgerRecord owned, string resource, Func<string?, string?> hashBehind, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owned);
        return UpdateAsync(owned.Key.Account, resource, Linked, cancellationToken);

        ResourceRow Linked(ResourceRow row)
        {
            var isAgain = row.Evidence?.RequestId == owned.Key.RequestId;
            var previous = isAgain ? row.Evidence!.Previous : row.EvidenceHash;
            var hash = hashBehind(previous);
            return isAgain && row.Evidence!.Epoch > owned.Epoch ? row : row with { EvidenceHash = hash, Evidence = new(owned.Key.RequestId, owned.Epoch, previous) };
        }
    }

    /// <summary>A request waits, or has ended: others may change its resources.</summary>
    /// <param name="record">Its record.</param>
    /// <param name="resources">Those whose rows it may hold.</param>
    public async Task ReleaseAsync(LedgerRecord record, IEnumerable<string> resources)
    {
        ArgumentNullException.ThrowIfNull(record);
        var hasContained = record.Snapshot is { HasChanged: true };
        var freed = record.Snapshot?.Interfaces.Where(one => one.IsFree).Select(one => one.Resource).ToHashSet() ?? [];
        foreach (var resource in resources.Distinct(StringComparer.Ordinal))
        {
            await UpdateAsync(record.Key.Account, resource, row => IsHeld(row) ? Released(row, resource) : row, CancellationToken.None);
        }

        bool IsHeld(ResourceRow row) => row.HeldBy == record.Key.RequestId && row.Epoch <= record.Epoch;
        bool IsFree(ResourceRow row, string resource) => freed.Contains(resource) || (row.ContainedBy == record.Key.RequestId && !hasContained);
        ResourceRow Released(ResourceRow row, string resource) => LeftBehind(IsFree(row, resource) ? row.Freed() : row, resource) with { HeldBy = null };
        ResourceRow LeftBehind(ResourceRow row, string resource) => record.Snapshot?.Interfaces.FirstOrDefault(one => one.Resource == resource)?.After is { } groups
            ? row.With(record.Snapshot, groups, clock.GetUtcNow())
            : row;
    }

    /// <summary>Every resource that a containment holds, by account and id.</summary>
    public async Task<IReadOnlyList<ContainedResource>> ContainedAsync(CancellationToken cancellationToken) =>
    [
        .. (await store.ReadNotesAsync(Prefix, cancellationToken))
            .Select(note => (Name: note.Name[Prefix.Length..].Split(':', 2), Row: RowIn(note)))
            .Where(one => one.Row.ContainedBy is not null && one.Name.Length == 2)
            .Select(one => new ContainedResource(one.Name[0], one.Name[1], one.Row)),
    ];

    /// <summary>
    /// The request whose snapshot has the groups that a resource goes back to; null where no containment holds it any more, or never did: an
    /// interface may be gone before its groups are written down.
    /// </summary>
    public async Task<LedgerRecord?> ContainmentAsync(string account, string resource, ResourceRow row, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        return row.ContainedBy is { } by
            && await store.ReadAsync(new(account, by), cancellationToken) is { Record: { Outcome: not null, Snapshot: { HasChanged: true, RestoredBy: null } snapshot } record }
            && snapshot.Interfaces.Any(one => one.Resource == resource)
                ? record
                : null;
    }

    private async Task<string?> OtherHolderAsync(LedgerKey request, ResourceRow row, CancellationToken cancellationToken) =>
        row.HeldBy is { } other && other != request.RequestId
        && await store.ReadAsync(new(request.Account, other), cancellationToken) is { Record.Outcome: null }
            ? other
            : null;

    private async Task<bool> WriteAsync(SharedNote? note, string account, string resource, ResourceRow row, CancellationToken cancellationToken) =>
        await store.WriteNoteAsync(note, NameOf(account, resource), JsonSerializer.Serialize(row, ResourceRowJson.Default.ResourceRow), cancellationToken) is not null;

    private static string NameOf(string account, string resource) => $"{Prefix}{account}:{resource}";

    private static ResourceRow RowIn(SharedNote? note) =>
        note is null ? new() : JsonSerializer.Deserialize(note.Text, ResourceRowJson.Default.ResourceRow) ?? new();

    private static LedgerUnavailableException Contended(string resource) =>
        new($"The row of {resource} was written by others {MostTries} times while it was to be written here.");
}
