using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Ledger;

namespace Ungroup.Circuits;

/// <summary>
/// What all instances have found closed, in one note of the ledger's store: each says what it has closed, and closes what others
/// have found closed. Also what an operator is shown. Instants in the note are the store's.
/// </summary>
internal sealed class CircuitNote(IReadOnlyList<ISharedClosings> closings, ILedgerStore store, LedgerOwner owner, TimeProvider clock)
{
    // Not the name under which earlier versions write: they would take a circuit of one group for one of the whole account.
    internal const string Note = "circuits";

    // What does not fit in is told to nobody: each finds it out by itself.
    private const int LongestText = 32_000;
    private const int MostTold = 300;
    private volatile bool _isHeard;

    /// <summary>Reads alone, and only where nothing was read yet.</summary>
    public async Task HearAsync(CancellationToken cancellationToken)
    {
        if (!_isHeard && await store.ReadNoteAsync(Note, cancellationToken) is { } note)
        {
            Hear(Parse(note), note.StoreTime - clock.GetUtcNow());
        }

        _isHeard = true;
    }

    /// <summary>
    /// What was closed here since the last time, if anything. An instance that is not heard now, because another writes at the same
    /// moment or the store is away, is heard with the next round.
    /// </summary>
    public async Task TellNewsAsync(CancellationToken cancellationToken)
    {
        // Every part is asked, also where the first has news: what is told now is no news again.
        List<ISharedClosings> news = [.. closings.Where(part => part.TakeNews())];
        if (news.Count == 0)
        {
            return;
        }

        try
        {
            await ExchangeAsync(cancellationToken);
        }
        catch (LedgerUnavailableException)
        {
            // The sweep, whose rounds go on, says that it is away.
        }
    }

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
        var said = Read(note);
        SharedClosing[] others = [.. said.Where(closing => closing.By != owner.Id)];
        SharedClosing[] ours =
        [
            .. closings.SelectMany(part => part.Closings)
                .Where(closing => closing.Until > now)
                .Select(closing => closing with { Until = Seconds(closing.Until + ahead), By = owner.Id })
                .Where(closing => !Array.Exists(others, other => other.IsOfSame(closing) && other.Until >= closing.Until)),
        ];

        Hear(said, ahead);
        _isHeard = true;
        var text = TextOf(MostImportant([.. others, .. ours], MostTold));
        if (text != note.Text)
        {
            await store.WriteNoteAsync(note, Note, text, cancellationToken);
        }
    }

    /// <summary>What is closed now, by the store's clock, in words.</summary>
    public static async Task<IReadOnlyList<string>> DescribeAsync(ILedgerStore store, CancellationToken cancellationToken) =>
        await store.ReadNoteAsync(Note, cancellationToken) is not { } note ? [] :
        [
            .. Read(note).OrderBy(closing => closing.Name, StringComparer.Ordinal).Select(closing =>
                $"{closing.Name} is closed until {closing.Until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} "
                + $"by {closing.By}: {closing.Reason}"),
        ];

    private void Hear(IEnumerable<SharedClosing> said, TimeSpan ahead)
    {
        foreach (var other in said.Where(closing => closing.By != owner.Id))
        {
            foreach (var part in closings)
            {
                part.Hear(other with { Until = other.Until - ahead });
            }
        }
    }

    private static string TextOf(SharedClosing[] closed)
    {
        var text = JsonSerializer.Serialize(closed, CircuitNoteJson.Default.SharedClosingArray);
        return text.Length <= LongestText ? text : TextOf(MostImportant(closed, closed.Length * 3 / 4));
    }

    /// <summary>Accounts and permissions before regions and groups, and what is closed for long before what is not.</summary>
    private static SharedClosing[] MostImportant(SharedClosing[] closed, int count) => closed.Length <= count ? closed :
    [
        .. closed.OrderBy(closing => closing.Circuit.IsNarrow)
            .ThenByDescending(closing => closing.Until)
            .ThenBy(closing => closing.Name, StringComparer.Ordinal)
            .Take(count),
    ];

    private static SharedClosing[] Read(SharedNote note)
    {
        try
        {
            return Parse(note);
        }
        catch (JsonException)
        {
            // Another version has written it, or nobody of us. It says nothing to anybody, which each process that starts logs, and is written anew.
            return [];
        }
    }

    private static SharedClosing[] Parse(SharedNote note)
    {
        var said = JsonSerializer.Deserialize(note.Text, CircuitNoteJson.Default.SharedClosingArray) ?? throw new JsonException("The note of circuits is null.");
        return [.. said.OfType<SharedClosing>().Where(closing => closing.Until > note.StoreTime)];
    }

    // So that the same closing reads the same in every round, however the clocks drift against each other.
    private static DateTimeOffset Seconds(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Ceiling(instant.ToUnixTimeMilliseconds() / 1000.0));
}

// Whatever is not exactly what this version writes is not read: half of what is said may mean something much wider.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(SharedClosing[]))]
internal sealed partial class CircuitNoteJson : JsonSerializerContext;
