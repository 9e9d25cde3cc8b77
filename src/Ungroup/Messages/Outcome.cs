using System.Text.Json.Serialization;

namespace Ungroup.Messages;

/// <summary>What is now true of the resource, and how we know.</summary>
public sealed record Outcome
{
    public required OutcomeStatus Status { get; init; }

    /// <summary>ECS's own code, the guardrail's name, or <c>InvalidRequest</c> / <c>IdempotencyConflict</c> / <c>LedgerRefused</c>; null where there is nothing to name.</summary>
    public string? Code { get; init; }

    /// <summary>One sentence for a person: what happened and why.</summary>
    public required string Sentence { get; init; }

    /// <summary>The beginning of a message that could not be read as a request, without its secrets.</summary>
    public string? Excerpt { get; init; }

    /// <summary>The reply to our call was lost, and reading the membership showed that the call had worked.</summary>
    public bool ConfirmedByReadBack { get; init; }

    /// <summary>A call was refused although we had used less than the quota, so the request took longer.</summary>
    public bool QuotaUsedByOthers { get; init; }

    /// <summary>The <c>RequestId</c>s ECS answered with, in order, at most the last sixteen.</summary>
    public IReadOnlyList<string> EcsRequestIds { get; init; } = [];

    /// <summary>The security groups of the resource before the removal, where they were read.</summary>
    public IReadOnlyList<string>? GroupsBefore { get; init; }

    /// <summary>The security groups of the resource after the removal, where they were read.</summary>
    public IReadOnlyList<string>? GroupsAfter { get; init; }
}

/// <summary>How a request can end.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutcomeStatus>))]
public enum OutcomeStatus
{
    /// <summary>It was a member, it no longer is, and we did it.</summary>
    Removed,

    /// <summary>ECS says it is not a member, and no earlier attempt of ours may have done it.</summary>
    AlreadyAbsent,

    /// <summary>Dry run: what would have happened, and why.</summary>
    Planned,

    /// <summary>A guardrail of ours said no.</summary>
    Refused,

    /// <summary><c>expiresAt</c> had passed before the call.</summary>
    Expired,

    /// <summary>ECS gave a permanent no, or the deadline passed.</summary>
    Failed,

    /// <summary>The message could not be read as a request, its key belongs to another request, or the ledger can hold no record of it.</summary>
    Rejected,
}
