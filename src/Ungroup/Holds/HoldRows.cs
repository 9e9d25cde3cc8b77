using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Holds;

/// <summary>
/// The holds in the ledger, a row each. A row is written once and deleted; how long it lasts counts from its write by the store's clock.
/// </summary>
internal sealed class HoldRows(ILedgerStore store)
{
    private const string Prefix = "hold:";

    /// <summary>Those in force, in the order of their ids.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<IReadOnlyList<Hold>> ReadAsync(CancellationToken cancellationToken) =>
        [.. (await store.ReadNotesAsync(Prefix, cancellationToken)).Select(Read).Where(IsInForce)];

    /// <summary>Writes a hold down.</summary>
    /// <param name="hold">Its times are those of the write.</param>
    /// <param name="lasts">How long it lasts; null until it is lifted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The hold as it is in force; null where there is one of this id.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and may have it all the same.</exception>
    public async Task<Hold?> PutAsync(Hold hold, TimeSpan? lasts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hold);
        var row = new HoldRow(hold.By, hold.Reason, hold.Account, hold.Group, hold.Origin, lasts, hold.Allowance);
        var text = JsonSerializer.Serialize(row, HoldJson.Default.HoldRow);
        return await store.WriteNoteAsync(expected: null, Prefix + hold.Id, text, cancellationToken) is { } written ? Read(written) : null;
    }

    /// <summary>Ends a hold.</summary>
    /// <returns>The hold that has ended; null where there is none of this id.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and may have ended it all the same.</exception>
    public async Task<Hold?> LiftAsync(string id, CancellationToken cancellationToken) =>
        await store.ReadNoteAsync(Prefix + id, cancellationToken) is { } note && await store.DeleteNoteAsync(note, cancellationToken) ? Read(note) : null;

    /// <summary>Deletes the rows of holds that are over.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        foreach (var note in (await store.ReadNotesAsync(Prefix, cancellationToken)).Where(note => !IsInForce(Read(note))))
        {
            await store.DeleteNoteAsync(note, cancellationToken);
        }
    }

    private static bool IsInForce(Hold hold) => hold.Left is null || hold.Left > TimeSpan.Zero;

    private static Hold Read(SharedNote note)
    {
        var row = RowIn(note);
        return new()
        {
            Id = note.Name[Prefix.Length..],
            Account = row.Account,
            Group = row.Group,
            Origin = row.Origin,
            By = row.By,
            Reason = row.Reason,
            Since = note.WrittenAt,
            Until = note.WrittenAt + row.Lasts,
            Left = row.Lasts - note.Age,
            Allowance = row.Allowance,
        };
    }

    // A stop that cannot be read is a stop of everything: somebody wanted one, and will miss it.
    private static HoldRow RowIn(SharedNote note)
    {
        try
        {
            return JsonSerializer.Deserialize(note.Text, HoldJson.Default.HoldRow) ?? Unreadable();
        }
        catch (JsonException)
        {
            return Unreadable();
        }
    }

    private static HoldRow Unreadable() => new("nobody known", "the row of this hold cannot be read by this version");
}

/// <summary>A hold as its row has it.</summary>
internal sealed record HoldRow(
    string By, string Reason, string? Account = null, string? Group = null, Origin? Origin = null, TimeSpan? Lasts = null, UsedAllowance? Allowance = null);

// A member of a later version may make a hold narrower: without it, it covers more, and never less.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(HoldRow))]
internal sealed partial class HoldJson : JsonSerializerContext;
