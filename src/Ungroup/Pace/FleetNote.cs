using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ungroup.Pace;

/// <summary>What one instance has written into its note: who it is, and a report for each quota it uses. Instants are the store's where its clock is off.</summary>
internal sealed record FleetNote(string By, IReadOnlyList<FleetNote.Line> Lines, bool IsCut = false)
{
    // A note holds 32,000 characters; a line has at most 450.
    private const int MostLines = 64;

    /// <summary>One report, short: the note is written several times a minute.</summary>
    internal sealed record Line(
        string Account,
        string Region,
        string Api,
        long At,
        bool Wants,
        long Minute,
        int Passed,
        int Before,
        bool Touched,
        double PerMinute,
        QuotaBasis Basis,
        QuotaShape Shape,
        int Version,
        long Turn = 0,
        int Within = 0)
    {
        [JsonIgnore]
        public QuotaKey Key => new(Account, Region, Api);

        [JsonIgnore]
        public DateTimeOffset MinuteStart => DateTimeOffset.FromUnixTimeMilliseconds(Minute);

        [JsonIgnore]
        public QuotaKnowledge Quota => new(PerMinute, Basis, Shape, Version);

        /// <summary>Null where nobody has had to find it, and it is the clock's.</summary>
        public TurnOfMinute? TurnOf(TimeSpan storeIsAhead) => Turn == 0
            ? null
            : new(DateTimeOffset.FromUnixTimeMilliseconds(Turn) - storeIsAhead, TimeSpan.FromMilliseconds(Within));

        /// <param name="slot">Its place.</param>
        /// <param name="isAlive">Whether it still writes.</param>
        /// <param name="storeIsAhead">Of our clock.</param>
        public FleetMember ToMember(int slot, bool isAlive, TimeSpan storeIsAhead) => new(
            slot,
            DateTimeOffset.FromUnixTimeMilliseconds(At) - storeIsAhead,
            isAlive && Wants,
            MinuteStart - storeIsAhead,
            Passed,
            Before,
            Touched);
    }

    /// <summary>Whether an instance uses a quota that has no line here for want of room: it may use any that has none.</summary>
    public bool MayUse(QuotaKey key) => IsCut && !Lines.Any(line => line.Key == key);

    public static FleetNote Of(string owner, IReadOnlyCollection<PaceReport> reports, DateTimeOffset now, TimeSpan storeIsAhead) => new(
        owner,
        [
            .. reports.OrderByDescending(report => report.Wants).Take(MostLines).Select(report => new Line(
                report.Key.Account,
                report.Key.RegionId!,
                report.Key.Action!,
                (now + storeIsAhead).ToUnixTimeMilliseconds(),
                report.Wants,
                (report.MinuteStart + storeIsAhead).ToUnixTimeMilliseconds(),
                report.Passed,
                report.PassedBefore,
                report.TouchedBefore,
                Math.Round(report.Quota.PerMinute, 2),
                report.Quota.Basis,
                report.Quota.Shape,
                report.Quota.Version,
                report.Turn.WasFound ? (report.Turn.From + storeIsAhead).ToUnixTimeMilliseconds() : 0,
                (int)Math.Ceiling(report.Turn.Within.TotalMilliseconds))),
        ],
        reports.Count(report => report.Wants) > MostLines);

    public string ToText() => JsonSerializer.Serialize(this, FleetNoteJson.Default.FleetNote);

    /// <summary>Null where another version has written something else.</summary>
    public static FleetNote? Parse(string text)
    {
        try
        {
            return text.Length == 0 ? null : JsonSerializer.Deserialize(text, FleetNoteJson.Default.FleetNote);
        }
        catch (JsonException)
        {
            // A version to come may write otherwise; its instances then count for nothing, and find that out by being refused.
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FleetNote))]
internal sealed partial class FleetNoteJson : JsonSerializerContext;
