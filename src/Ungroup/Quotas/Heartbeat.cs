using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ungroup.Quotas;

/// <summary>What one instance writes of itself: who it is, and what it knows of each quota and has used of it. Instants are the store's where its clock is off.</summary>
/// <param name="By">The instance.</param>
/// <param name="Version">Of this text. Another one says who is there, and nothing else that could be read.</param>
/// <param name="Quotas">A line for each quota.</param>
/// <param name="IsCut">It uses more quotas than there is room for.</param>
/// <param name="HasLeft">It has ended in good order, and uses nothing any more.</param>
internal sealed record Heartbeat(string By, int Version, IReadOnlyList<Heartbeat.Line> Quotas, bool IsCut = false, bool HasLeft = false)
{
    public const int ThisVersion = 2;

    // A note holds 32,000 characters; a line has at most 600.
    private const int MostLines = 48;

    /// <summary>An older version reads this member; one that is missing would be a defect to it.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>One quota, short: it is written several times a minute. Instants are in milliseconds.</summary>
    internal sealed record Line(
        string Account, string Region, string Api, bool Wants, long Since, LimitPart Limit, StartPart Start, TallyPart Now, TallyPart Last)
    {
        [JsonIgnore]
        public QuotaKey Key => new(Account, Region, Api);

        public static Line Of(QuotaReport report, TimeSpan storeIsAhead) => new(
            report.Key.Account,
            report.Key.RegionId,
            report.Key.Action,
            report.Wants,
            Milliseconds(report.Since + storeIsAhead),
            new(report.Estimate.Limit.Calls, report.Estimate.Limit.Basis, report.Estimate.Limit.Version, MillisecondsOrNone(report.Estimate.Limit.Window, storeIsAhead)),
            new(
                report.Estimate.Start.FoundBy.Length == 0 ? 0 : Milliseconds(report.Estimate.Start.Latest + storeIsAhead),
                (int)report.Estimate.Start.Error.TotalMilliseconds,
                report.Estimate.Start.FoundBy,
                report.Estimate.Start.Version),
            TallyPart.Of(report.Current, storeIsAhead),
            TallyPart.Of(report.Last, storeIsAhead));

        public QuotaEstimate EstimateOf(TimeSpan storeIsAhead) => new(
            LimitOf(storeIsAhead),
            Start.By.Length == 0
                ? WindowStart.OfTheClock
                : new(Instant(Start.Latest) - storeIsAhead, TimeSpan.FromMilliseconds(Start.Error), Start.By, Start.Version));

        public QuotaReport ToReport(TimeSpan storeIsAhead) => new(
            Key, Wants, Instant(Since) - storeIsAhead, EstimateOf(storeIsAhead), Now.ToTally(storeIsAhead), Last.ToTally(storeIsAhead));

        private QuotaLimit LimitOf(TimeSpan storeIsAhead) =>
            new(Limit.Calls, Limit.Basis, Limit.Version, Limit.Window == 0 ? default : Instant(Limit.Window) - storeIsAhead);
    }

    internal sealed record LimitPart(int Calls, LimitBasis Basis, int Version, long Window);

    internal sealed record StartPart(long Latest, int Error, string By, int Version);

    internal sealed record TallyPart(long Start, int Passed, bool Hit, bool Whole)
    {
        public static TallyPart Of(WindowTally tally, TimeSpan storeIsAhead) => new(Milliseconds(tally.Start + storeIsAhead), tally.Passed, tally.Hit, tally.IsWhole);

        public WindowTally ToTally(TimeSpan storeIsAhead) => new(Instant(Start) - storeIsAhead, 0, Passed, Hit, Whole);
    }

    public static Heartbeat Of(string owner, IReadOnlyCollection<QuotaReport> reports, TimeSpan storeIsAhead, bool hasLeft) => new(
        owner,
        ThisVersion,
        [.. reports.OrderByDescending(report => report.Wants).Take(MostLines).Select(report => Line.Of(report, storeIsAhead))],
        reports.Count > MostLines,
        hasLeft);

    /// <summary>What it says of a quota; null where it does not use it.</summary>
    /// <param name="key">Which one.</param>
    /// <param name="isAlive">Whether it still writes.</param>
    /// <param name="writtenAt">When it has written last, by our clock.</param>
    /// <param name="storeIsAhead">Of our clock.</param>
    public MemberReport? MemberOf(QuotaKey key, bool isAlive, DateTimeOffset writtenAt, TimeSpan storeIsAhead)
    {
        var line = Quotas.FirstOrDefault(line => line.Key == key);
        var mayUse = line is null && isAlive && !HasLeft && (IsCut || Version != ThisVersion);
        return line is null && !mayUse
            ? null
            : new(By, isAlive && !HasLeft && (line?.Wants ?? true), line?.ToReport(storeIsAhead), writtenAt, HasLeft || !isAlive);
    }

    public string ToText() => JsonSerializer.Serialize(this, HeartbeatJson.Default.Heartbeat);

    /// <summary>Null where nothing in it can be read. Of another version only who has written it counts: it is assumed to use its share of everything.</summary>
    public static Heartbeat? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, HeartbeatJson.Default.Heartbeat) is { Version: ThisVersion } beat ? beat : OfAnotherVersion(text);
        }
        catch (JsonException)
        {
            return OfAnotherVersion(text);
        }
    }

    private static Heartbeat? OfAnotherVersion(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, HeartbeatJson.Default.WrittenBy) is { By: { } by, Version: var version } ? new(by, version, []) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static long Milliseconds(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    private static long MillisecondsOrNone(DateTimeOffset instant, TimeSpan storeIsAhead) => instant == default ? 0 : Milliseconds(instant + storeIsAhead);

    private static DateTimeOffset Instant(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}

/// <summary>What all versions of a heartbeat have.</summary>
internal sealed record WrittenBy(string? By, int Version = 0);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(WrittenBy))]
internal sealed partial class HeartbeatJson : JsonSerializerContext;
