using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Outcomes;

/// <summary>A request as the contract writes it. <c>docs/request.schema.json</c> is generated from here.</summary>
[Description("A request to take an instance or a network interface out of a security group.")]
internal sealed record RequestData
{
    [RegularExpression("^[A-Za-z0-9._:/-]{1,128}$")]
    [Description("The idempotency key, unique within the account. Default: the id of the message.")]
    public string? RequestId { get; init; }

    [RegularExpression("^sg-[A-Za-z0-9_-]{1,60}$")]
    [Description("The group to leave.")]
    public required string SecurityGroupId { get; init; }

    [RegularExpression("^i-[A-Za-z0-9_-]{1,60}$")]
    [Description("The instance; exactly one of instanceId and networkInterfaceId.")]
    public string? InstanceId { get; init; }

    [RegularExpression("^eni-[A-Za-z0-9_-]{1,60}$")]
    [Description("The network interface; exactly one of instanceId and networkInterfaceId.")]
    public string? NetworkInterfaceId { get; init; }

    [RegularExpression("^[a-z][a-z0-9-]{0,38}[a-z0-9]$")]
    [Description("The region of the resource. Required for a network interface, and unless the account has a default region.")]
    public string? RegionId { get; init; }

    [RegularExpression("^[A-Za-z0-9._-]{1,64}$")]
    [Description("The name of a configured account. Default: default.")]
    public string? Account { get; init; }

    [Description("Who enqueues. Default: upstream.")]
    public Origin? Origin { get; init; }

    [StringLength(256)]
    [Description("Who asked; kept as evidence.")]
    public string? RequestedBy { get; init; }

    [StringLength(1024)]
    [Description("Why; kept as evidence.")]
    public string? Reason { get; init; }

    [Description("Nothing happens before this instant.")]
    public DateTimeOffset? NotBefore { get; init; }

    [Description("No call is made from this instant on.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("Look, decide, change nothing. Default: false.")]
    public bool? DryRun { get; init; }

    public static RequestData Of(RemovalRequest request) => new()
    {
        RequestId = request.RequestId,
        SecurityGroupId = request.SecurityGroup.Value,
        InstanceId = (request.Resource as ResourceId.Instance)?.Value,
        NetworkInterfaceId = (request.Resource as ResourceId.NetworkInterface)?.Value,
        RegionId = request.RegionId,
        Account = request.Account,
        Origin = request.Origin,
        RequestedBy = request.RequestedBy,
        Reason = request.Reason,
        NotBefore = request.NotBefore,
        ExpiresAt = request.ExpiresAt,
        DryRun = request.DryRun,
    };
}
