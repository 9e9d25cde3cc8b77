using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Ledger;

namespace Ungroup.Pace;

/// <summary>
/// The closed gates of all instances, in one note of the ledger's store: each says which ones it has closed, and closes
/// what others have found closed. Also what an operator is shown. Instants in the note are the store's.
/// </summary>
internal sealed class GateNotes(Gates gates, ILedgerStore store, LedgerOwner owner, TimeProvider clock)
{
    private const string Note = "gates";

    // What does not fit in is told to nobody: each finds it out by itself.
    private const int LongestText = 32_000;
    private volatile bool _areHeard;

    /// <summary>Reads alone, and only where nothing was read yet.</summary>
    public async Task HearAsync(CancellationToken cancellationToken)
    {
        if (!_areHeard && await store.ReadNoteAsync(Note, cancellationToken) is { } note)
        {
            Hear(Closed(note), note.StoreTime - clock.GetUtcNow());
        }

        _areHeard = true;
    }

    /// <summary>
    /// What was closed here since the last time, if anything. Who is not heard now, because another writes at the same moment or
    /// the store is away, is with the next round.
    /// </summary>
    public async Task TellNewsAsync(CancellationToken cancellationToken)
    {
        if (!gates.TakeNews())
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
        var said = Readable(note);
        ClosedGate[] ours =
        [
            .. gates.Snapshot()
                .Where(state => state.Until > now)
                .Select(state => new ClosedGate(
                    state.Key.Account, state.Key.RegionId, state.Key.Action, Seconds(state.Until + ahead), state.Reason, owner.Id))
                .Where(gate => !said.Any(other => other.By != owner.Id && other.Key == gate.Key && other.Until >= gate.Until)),
        ];

        Hear(said, ahead);
        _areHeard = true;
        ClosedGate[] next = [.. said.Where(gate => gate.By != owner.Id), .. ours];
        var text = TextOf(next);
        if (text != note.Text)
        {
            await store.WriteNoteAsync(note, Note, text, cancellationToken);
        }
    }

    /// <summary>What is closed now, by the store's clock, in words.</summary>
    public static async Task<IReadOnlyList<string>> DescribeAsync(ILedgerStore store, CancellationToken cancellationToken) =>
    [
        .. Closed(await store.ReadNoteAsync(Note, cancellationToken)).OrderBy(gate => gate.Key.ToString(), StringComparer.Ordinal).Select(gate =>
            $"{gate.Key} is closed until {gate.Until.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)} "
            + $"by {gate.By}: {gate.Reason}"),
    ];

    private void Hear(IEnumerable<ClosedGate> said, TimeSpan ahead)
    {
        foreach (var other in said.Where(gate => gate.By != owner.Id))
        {
            gates.CloseFromOutside(new(other.Key, other.Until - ahead, other.Reason));
        }
    }

    private static string TextOf(ClosedGate[] closed)
    {
        var text = JsonSerializer.Serialize(closed, GateNotesJson.Default.ClosedGateArray);
        return text.Length <= LongestText ? text : TextOf(MostImportant(closed, closed.Length * 3 / 4));
    }

    /// <summary>Accounts and permissions before regions, and what is closed for long before what is not.</summary>
    private static ClosedGate[] MostImportant(ClosedGate[] closed, int count) =>
    [
        .. closed.OrderBy(gate => gate.Key.RegionId is not null)
            .ThenByDescending(gate => gate.Until)
            .ThenBy(gate => gate.Key.ToString(), StringComparer.Ordinal)
            .Take(count),
    ];

    private static ClosedGate[] Closed(SharedNote? note) => note is null
        ? []
        : [.. Read(note.Text).Where(gate => gate.Until > note.StoreTime)];

    private static ClosedGate[] Read(string text) =>
        JsonSerializer.Deserialize(text, GateNotesJson.Default.ClosedGateArray) ?? throw new JsonException("It is null.");

    private static ClosedGate[] Readable(SharedNote note)
    {
        try
        {
            return Closed(note);
        }
        catch (JsonException)
        {
            // It says nothing to anybody, which each process that starts logs, and is written anew.
            return [];
        }
    }

    // So that the same closing reads the same in every round, however the clocks drift against each other.
    private static DateTimeOffset Seconds(DateTimeOffset instant) =>
        DateTimeOffset.FromUnixTimeSeconds((long)Math.Ceiling(instant.ToUnixTimeMilliseconds() / 1000.0));
}

/// <summary>One closed gate, as the note has it.</summary>
internal sealed record ClosedGate(string Account, string? RegionId, string? Action, DateTimeOffset Until, string Reason, string By)
{
    [JsonIgnore]
    public GateKey Key => new(Account, RegionId, Action);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClosedGate[]))]
internal sealed partial class GateNotesJson : JsonSerializerContext;
