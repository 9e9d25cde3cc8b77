using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas.Fleet;

/// <summary>One instance's note of itself, by the store's clock; cut, where it uses more quotas than there is room for.</summary>
internal sealed record Heartbeat(string By, int Version, IReadOnlyList<QuotaReport> Quotas, bool IsCut = false, bool HasLeft = false)
{
    public const int ThisVersion = 3;

    // A note holds 32,000 characters; a quota takes at most 990.
    private const int MostQuotas = 32;

    public static Heartbeat Of(string owner, IReadOnlyCollection<QuotaReport> reports, bool hasLeft) => new(
        owner, ThisVersion, [.. reports.OrderByDescending(report => report.Wants).Take(MostQuotas)], reports.Count > MostQuotas, hasLeft);

    public Heartbeat Shift(TimeSpan ahead) => this with { Quotas = [.. Quotas.OfType<QuotaReport>().Select(quota => quota.Shift(ahead))] };

    /// <summary>Its report of a quota; null where it does not use it.</summary>
    public MemberReport? MemberOf(QuotaKey key, bool isAlive)
    {
        var said = Quotas.FirstOrDefault(quota => quota.Key == key);
        var mayUse = said is null && isAlive && (IsCut || Version != ThisVersion);
        return said is null && !mayUse ? null : new(By, isAlive && (said?.Wants ?? true), said);
    }

    public string ToText() => JsonSerializer.Serialize(this, HeartbeatJson.Default.Heartbeat);

    /// <summary>Null where nothing in it can be read. Of another version only who has written it counts: it is assumed to use its share of everything.</summary>
    public static Heartbeat? Parse(string text) =>
        Read(text, HeartbeatJson.Default.Heartbeat) is { Version: ThisVersion } beat ? beat
        : Read(text, HeartbeatJson.Default.WrittenBy) is { By: { } by } other ? new(by, other.Version, [])
        : null;

    private static T? Read<T>(string text, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal sealed record WrittenBy(string? By, int Version = 0);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(WrittenBy))]
internal sealed partial class HeartbeatJson : JsonSerializerContext;
