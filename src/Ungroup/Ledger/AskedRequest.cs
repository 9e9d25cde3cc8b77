using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ledger;

/// <summary>A request as a store keeps it. What is written here was read and checked when its message came.</summary>
internal sealed record AskedRequest
{
    public required string RequestId { get; init; }

    public required string Account { get; init; }

    public required string Group { get; init; }

    public required string Resource { get; init; }

    public required string Region { get; init; }

    public bool RegionIsDefault { get; init; }

    public Origin Origin { get; init; }

    public string? RequestedBy { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public bool DryRun { get; init; }

    public static byte[] Write(RemovalRequest request) => JsonSerializer.SerializeToUtf8Bytes(
        new()
        {
            RequestId = request.RequestId,
            Account = request.Account,
            Group = request.SecurityGroup.Value,
            Resource = request.Resource.Value,
            Region = request.RegionId,
            RegionIsDefault = request.RegionIsDefault,
            Origin = request.Origin,
            RequestedBy = request.RequestedBy,
            Reason = request.Reason,
            NotBefore = request.NotBefore,
            ExpiresAt = request.ExpiresAt,
            DryRun = request.DryRun,
        },
        AskedRequestJson.Default.AskedRequest);

    public static RemovalRequest Read(ReadOnlySpan<byte> json)
    {
        var asked = JsonSerializer.Deserialize(json, AskedRequestJson.Default.AskedRequest)!;
        return new()
        {
            RequestId = asked.RequestId,
            Account = asked.Account,
            SecurityGroup = SecurityGroupId.TryParse(asked.Group, out var group) ? group : throw Damaged(asked.Group),
            Resource = ResourceId.Instance.TryParse(asked.Resource, out var instance) ? instance
                : ResourceId.NetworkInterface.TryParse(asked.Resource, out var card) ? card
                : throw Damaged(asked.Resource),
            RegionId = asked.Region,
            RegionIsDefault = asked.RegionIsDefault,
            Origin = asked.Origin,
            RequestedBy = asked.RequestedBy,
            Reason = asked.Reason,
            NotBefore = asked.NotBefore,
            ExpiresAt = asked.ExpiresAt,
            DryRun = asked.DryRun,
        };
    }

    private static FormatException Damaged(string id) => new($"The ledger holds a request about '{id}', which is no id.");
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(AskedRequest))]
internal sealed partial class AskedRequestJson : JsonSerializerContext;
