using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Ledger;

namespace Ungroup.Circuits;

/// <summary>All that the instances have found closed, in one note of the ledger's store, by its clock.</summary>
internal sealed class CircuitNote(CircuitRegistry circuits, ILedgerStore store, LedgerOwner owner, TimeProvider clock)
{
    internal const string Note = "closed-circuits";

    // The others are not told what does not fit in: each finds it out by itself.
    private const int LongestText = 32_000;

    /// <summary>Tells what was closed here since the last time, if anything.</summary>
    public Task TellNewsAsync(CancellationToken cancellationToken) => circuits.TakeNews() ? ExchangeAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Reads and, where something has changed, writes. A conflict with another instance is settled by the next round.</summary>
    public async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        var note = await store.ReadNoteAsync(Note, cancellationToken) ?? await store.WriteNoteAsync(expected: null, Note, "[]", cancellationToken);
        if (note is null)
        {
            return;
        }

        var now = clock.GetUtcNow();
        var ahead = note.StoreTime - now;
        SharedClosing[] others = [.. Read(note).Where(closing => closing.By != owner.Id)];
        var ours = circuits.Snapshot()
            .Where(closed => closed.Until > now)
            .Select(closed => new SharedClosing(closed.Key, Seconds(closed.Until + ahead), closed.Evidence, closed.Reason, owner.Id))
            .Where(closing => !Array.Exists(others, other => other.Circuit == closing.Circuit && other.Until >= closing.Until))
            .ToArray();
        foreach (var other in others)
        {
            circuits.Hear(new(other.Circuit, other.Until - ahead, other.Evidence, other.Reason));
        }

        var text = TextOf([.. others, .. ours]);
        if (text != note.Text)
        {
            await store.WriteNoteAsync(note, Note, text, cancellationToken);
        }
    }

    public static async Task<IReadOnlyList<string>> DescribeAsync(ILedgerStore store, CancellationToken cancellationToken) =>
        await store.ReadNoteAsync(Note, cancellationToken) is { } note
            ? [.. Read(note).Select(closing => Describe(closing.Circuit.ToString(), closing.Until, closing.By, closing.Reason)).Order(StringComparer.Ordinal)]
            : [];

    public static string Describe(string name, DateTimeOffset until, string by, string reason) =>
        $"{name} is closed until {until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} by {by}: {reason}";

    /// <summary>Accounts and permissions before regions and groups, and what is closed for long before what is not.</summary>
    private static string TextOf(SharedClosing[] closed)
    {
        var text = JsonSerializer.Serialize(closed, CircuitNoteJson.Default.SharedClosingArray);
        return text.Length <= LongestText ? text : TextOf(
        [
            .. closed.OrderBy(closing => closing.Circuit.IsNarrow)
                .ThenByDescending(closing => closing.Until)
                .ThenBy(closing => closing.Circuit.ToString(), StringComparer.Ordinal)
                .Take(closed.Length * 3 / 4),
        ]);
    }

    private static IEnumerable<SharedClosing> Read(SharedNote note)
    {
        try
        {
            return (JsonSerializer.Deserialize(note.Text, CircuitNoteJson.Default.SharedClosingArray) ?? []).Where(closing => closing?.Until > note.StoreTime);
        }
        catch (JsonException)
        {
            // Another version has written it, or nobody of us: it says nothing to anybody, and is written anew.
            return [];
        }
    }

    // So that the same closing reads the same in every round, however the clocks drift against each other.
    private static DateTimeOffset Seconds(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Ceiling(instant.ToUnixTimeMilliseconds() / 1000.0));
}

internal sealed record SharedClosing(CircuitKey Circuit, DateTimeOffset Until, Evidence Evidence, string Reason, string By);

// A note is not read where it is not exactly what this version writes: half of what it says may mean something much wider.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SharedClosing[]))]
internal sealed partial class CircuitNoteJson : JsonSerializerContext;
