using System.Text.Json;

namespace Ungroup.Ledger;

/// <summary>
/// One row for each resource that a contain or a restore has been about, kept as the note <c>resource:ACCOUNT:ID</c>. Holding it lets one request at a time change the resource:
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
        (await SettledAsync(request, resource, await ReadAsync(request.Account, resource, cancellationToken), cancellationToken)).Holder;

    /// <summary>Lets go what a request that has ended holds.</summary>
    /// <returns>The row as it is then; null where a request changes the resource now, or another has written the row.</returns>
    public async Task<ResourceRow?> SettleAsync(string account, string resource, CancellationToken cancellationToken)
    {
        var note = await store.ReadNoteAsync(NameOf(account, resource), cancellationToken);
        var found = RowIn(note);
        var (row, holder) = await SettledAsync(new(account, string.Empty), resource, found, cancellationToken);
        return holder is null && (row == found || await WriteAsync(note, account, resource, row, cancellationToken)) ? row : null;
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
            var (row, holder) = await SettledAsync(request, resource, RowIn(note), cancellationToken);
            if (row.HeldBy == request.RequestId && row.Epoch >= owned.Epoch)
            {
                return (row, row.Epoch > owned.Epoch ? row.HeldBy : null);
            }

            if (holder is not null)
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

    /// <summary>Writes a row where it is still as it was seen; whether it did.</summary>
    public async Task<bool> TryReplaceAsync(ContainedResource seen, ResourceRow changed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(seen);
        var note = await store.ReadNoteAsync(NameOf(seen.Account, seen.Resource), cancellationToken);
        return TextOf(RowIn(note)) == TextOf(seen.Row) && await WriteAsync(note, seen.Account, seen.Resource, changed, cancellationToken);
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
        foreach (var resource in resources.Distinct(StringComparer.Ordinal))
        {
            await UpdateAsync(record.Key.Account, resource, row => Released(row, record, resource), CancellationToken.None);
        }
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

    /// <summary>A holder that has ended may have been gone before it let go: the row says what it has left behind all the same.</summary>
    private async Task<(ResourceRow Row, string? Holder)> SettledAsync(LedgerKey request, string resource, ResourceRow row, CancellationToken cancellationToken)
    {
        if (row.HeldBy is not { } other || other == request.RequestId
            || await store.ReadAsync(new(request.Account, other), cancellationToken) is not { Record: { } record })
        {
            return (row, null);
        }

        return record.Outcome is null ? (row, other) : (Released(row, record, resource), null);
    }

    private ResourceRow Released(ResourceRow row, LedgerRecord record, string resource)
    {
        if (row.HeldBy != record.Key.RequestId || row.Epoch > record.Epoch)
        {
            return row;
        }

        var ended = record.Snapshot?.Interfaces.FirstOrDefault(one => one.Resource == resource);
        var isFree = ended is { IsFree: true } || (row.ContainedBy == record.Key.RequestId && record.Snapshot is not { HasChanged: true });
        var free = (isFree ? row.Freed() : row) with { HeldBy = null };
        return ended?.After is { } groups ? free.With(record.Snapshot!, groups, clock.GetUtcNow()) : free;
    }

    private async Task<bool> WriteAsync(SharedNote? note, string account, string resource, ResourceRow row, CancellationToken cancellationToken) =>
        await store.WriteNoteAsync(note, NameOf(account, resource), TextOf(row), cancellationToken) is not null;

    private static string TextOf(ResourceRow row) => JsonSerializer.Serialize(row, ResourceRowJson.Default.ResourceRow);

    private static string NameOf(string account, string resource) => $"{Prefix}{account}:{resource}";

    private static ResourceRow RowIn(SharedNote? note) =>
        note is null ? new() : JsonSerializer.Deserialize(note.Text, ResourceRowJson.Default.ResourceRow) ?? new();

    private static LedgerUnavailableException Contended(string resource) =>
        new($"The row of {resource} was written by others {MostTries} times while it was to be written here.");
}
