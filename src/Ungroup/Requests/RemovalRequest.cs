using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Messages;

namespace Ungroup.Requests;

/// <summary>
/// A request: parsed, complete, immutable. The contract is in <c>docs/contracts.md</c>; the schema, the event, the
/// ledger's document and the payload hash are made from these properties, in this order.
/// </summary>
[Description("A request to take an instance or a network interface out of a security group, to contain it in an isolation group, or to undo that.")]
internal sealed record RemovalRequest : IJsonOnDeserialized
{
    /// <summary>The idempotency key, 1–128 of <c>A-Z a-z 0-9 . _ : / -</c>, unique within <see cref="Account"/>.</summary>
    [RegularExpression("^[A-Za-z0-9._:/-]{1,128}$")]
    [Description("The idempotency key, unique within the account. Default: the id of the message.")]
    public required string RequestId { get; init; }

    [Description("What to do. Default: remove.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public RequestAction Action { get; init; }

    /// <summary>The group to leave; null unless <see cref="Action"/> is <see cref="RequestAction.Remove"/>.</summary>
    [RegularExpression("^sg-[A-Za-z0-9_-]{1,60}$")]
    [Description("The group to leave; for remove.")]
    [JsonPropertyName("securityGroupId")]
    public SecurityGroupId SecurityGroup { get; init; } = null!;

    /// <summary>The resource that is to be changed; null in a restore, which names a request. Written as one of the two members that follow.</summary>
    [JsonIgnore]
    public ResourceId Resource { get; init; } = null!;

    [JsonInclude]
    [RegularExpression("^i-[A-Za-z0-9_-]{1,60}$")]
    [Description("The instance; for remove and contain exactly one of instanceId and networkInterfaceId.")]
    internal string? InstanceId
    {
        get => (Resource as ResourceId.Instance)?.Value;
        init => Resource = value is null ? Resource : ResourceId.Instance.TryParse(value, out var id) ? id : throw NoId(value);
    }

    [JsonInclude]
    [RegularExpression("^eni-[A-Za-z0-9_-]{1,60}$")]
    [Description("The network interface; for remove and contain exactly one of instanceId and networkInterfaceId.")]
    internal string? NetworkInterfaceId
    {
        get => (Resource as ResourceId.NetworkInterface)?.Value;
        init => Resource = value is null ? Resource : ResourceId.NetworkInterface.TryParse(value, out var id) ? id : throw NoId(value);
    }

    /// <summary>The isolation group to stay in, for contain; null where the account's is taken (<c>Accounts:&lt;name&gt;:IsolationGroups</c>).</summary>
    [RegularExpression("^sg-[A-Za-z0-9_-]{1,60}$")]
    [Description("The group to stay in; for contain. Required unless the account configures isolation groups.")]
    [JsonPropertyName("isolationGroupId")]
    public SecurityGroupId? IsolationGroup { get; init; }

    /// <summary>Whether a contain of an instance is about its secondary interfaces too; null where the request does not say, which means yes.</summary>
    [Description("An instance's secondary interfaces too; for contain. Default: true.")]
    public bool? IncludeInterfaces { get; init; }

    /// <summary>The request to undo, of the same account; null unless <see cref="Action"/> is <see cref="RequestAction.Restore"/>.</summary>
    [RegularExpression("^[A-Za-z0-9._:/-]{1,128}$")]
    [Description("The requestId of the contain or remove to undo; required for restore.")]
    public string? Of { get; init; }

    /// <summary>Whether a restore goes on although others have changed the membership.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [Description("Go on although others have changed the membership; for restore. Default: false.")]
    public bool Force { get; init; }

    /// <summary>The region of the resource, given or the account's default; null in a restore, which is done where the request it names was.</summary>
    [RegularExpression("^[a-z][a-z0-9-]{0,38}[a-z0-9]$")]
    [Description("The region of the resource; for remove and contain. Required for a network interface, and unless the account has a default region.")]
    public string RegionId { get; init; } = null!;

    /// <summary>The request named no region: <see cref="RegionId"/> is the account's, and not part of what was asked. No member of the contract.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool RegionIsDefault { get; init; }

    /// <summary>The name of a configured account.</summary>
    [RegularExpression("^[A-Za-z0-9._-]{1,64}$")]
    [Description("The name of a configured account. Default: default.")]
    public required string Account { get; init; }

    [Description("Who enqueues. Default: upstream.")]
    public Origin Origin { get; init; }

    /// <summary>The name of whoever asked, at most 256 characters; kept as evidence.</summary>
    [StringLength(256)]
    [Description("Who asked; kept as evidence.")]
    public string? RequestedBy { get; init; }

    /// <summary>Why, at most 1,024 characters; kept as evidence.</summary>
    [StringLength(1024)]
    [Description("Why; kept as evidence.")]
    public string? Reason { get; init; }

    /// <summary>Nothing happens before this instant.</summary>
    [Description("Nothing happens before this instant.")]
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>No call is made from this instant on.</summary>
    [Description("No call is made from this instant on.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Look, decide, change nothing.</summary>
    [Description("Look, decide, change nothing. Default: false.")]
    public bool DryRun { get; init; }

    /// <summary>Members that only a later version knows; kept and written again as they are. Null where there are none.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; internal set; }

    /// <summary>The body of a message that asks for the same.</summary>
    public byte[] ToBody() => JsonSerializer.SerializeToUtf8Bytes(this with { RegionIsDefault = false }, RequestJson.Default.RemovalRequest);

    void IJsonOnDeserialized.OnDeserialized()
    {
        if (Action == RequestAction.Restore ? Of is null : Resource is null || RegionId is null || (Action == RequestAction.Remove && SecurityGroup is null))
        {
            throw new JsonException($"A request to {Action} does not say what it is about.");
        }
    }

    private static JsonException NoId(string text) => new($"A request is about '{text}', which is no id.");
}

/// <summary>A request asks for one of these.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestAction>))]
internal enum RequestAction
{
    /// <summary>Take one resource out of one group.</summary>
    [JsonStringEnumMemberName("remove")]
    Remove,

    /// <summary>Leave a resource in an isolation group alone.</summary>
    [JsonStringEnumMemberName("contain")]
    Contain,

    /// <summary>Undo an earlier request.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RemovalRequest))]
internal sealed partial class RequestJson : JsonSerializerContext;
