using Ungroup.Messages;

namespace Ungroup.Requests;

/// <summary>A removal somebody asked for: parsed, complete, immutable. The contract is in <c>docs/contracts.md</c>.</summary>
public sealed record RemovalRequest
{
    /// <summary>The idempotency key, 1–128 of <c>A-Z a-z 0-9 . _ : / -</c>, unique within <see cref="Account"/>.</summary>
    public required string RequestId { get; init; }

    /// <summary>The name of a configured account.</summary>
    public required string Account { get; init; }

    public required SecurityGroupId SecurityGroup { get; init; }

    public required ResourceId Resource { get; init; }

    /// <summary>The region of the resource, given or the account's default.</summary>
    public required string RegionId { get; init; }

    /// <summary>The request named no region: <see cref="RegionId"/> is the account's, and not part of what was asked.</summary>
    public bool RegionIsDefault { get; init; }

    public Origin Origin { get; init; }

    /// <summary>Who asked, at most 256 characters; kept as evidence.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why, at most 1,024 characters; kept as evidence.</summary>
    public string? Reason { get; init; }

    /// <summary>Nothing happens before this instant.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>No call is made from this instant on.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Look, decide, change nothing.</summary>
    public bool DryRun { get; init; }
}
