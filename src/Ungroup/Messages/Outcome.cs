using System.Text.Json.Serialization;

namespace Ungroup.Messages;

/// <summary>Says what is now true of the resource, and how we know.</summary>
internal sealed record Outcome
{
    public required OutcomeStatus Status { get; init; }

    /// <summary>ECS's own code, the guardrail's name, or <c>InvalidRequest</c> / <c>IdempotencyConflict</c> / <c>LedgerRefused</c>; null where there is nothing to name.</summary>
    public string? Code { get; init; }

    /// <summary>One sentence for a person: what happened and why.</summary>
    public required string Sentence { get; init; }

    /// <summary>The beginning of a message that could not be read as a request, without its secrets.</summary>
    public string? Excerpt { get; init; }

    /// <summary>The reply to our call was lost, or came and could not be written down, and ECS says that the resource is no member.</summary>
    public bool ConfirmedByReadBack { get; init; }

    /// <summary>A call was refused although we had used less than the quota, so the request took longer.</summary>
    public bool QuotaUsedByOthers { get; init; }

    /// <summary>The <c>RequestId</c>s ECS answered with, in order, at most the last sixteen.</summary>
    public IReadOnlyList<string> EcsRequestIds { get; init; } = [];

    /// <summary>The security groups of the resource before the removal, where they were read.</summary>
    public IReadOnlyList<string>? GroupsBefore { get; init; }

    /// <summary>The security groups of the resource after the removal, where they were read.</summary>
    public IReadOnlyList<string>? GroupsAfter { get; init; }

    /// <summary>The resource of a restore, which its request does not name; null where nothing is known of the request to undo.</summary>
    public string? Subject { get; init; }

    /// <summary>Of a contain or restore: what it is true to say of each interface. An instance's id stands for its primary one.</summary>
    public IReadOnlyList<InterfaceOutcome>? Interfaces { get; init; }

    /// <summary>Of a contain: the request that a restore can name.</summary>
    public string? Undo { get; init; }

    /// <summary>Everything was in the isolation group alone before.</summary>
    public bool AlreadyContained { get; init; }

    /// <summary>Everything was in its groups before.</summary>
    public bool AlreadyRestored { get; init; }

    /// <summary>How long sessions that were open may go on.</summary>
    public SessionsOutcome? Sessions { get; init; }

    /// <summary>Ways to the host, and its ends, that a change of groups does not touch; a sentence each.</summary>
    public IReadOnlyList<string>? NotHandled { get; init; }

    /// <summary>Things that somebody should know although the request has ended as asked; a sentence each.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>The hash of the outcome before this one that told of the same resource; null where there was none.</summary>
    public string? PreviousEvidenceHash { get; init; }

    /// <summary>Whether the outcome gets a hash of its own: of contain and restore, and of removals with evidence.</summary>
    public bool IsEvidence { get; init; }
}

/// <summary>An interface, before and after.</summary>
internal sealed record InterfaceOutcome
{
    /// <summary>An <c>i-…</c>, for its primary interface, or an <c>eni-…</c>.</summary>
    public required string Resource { get; init; }

    public IReadOnlyList<string>? GroupsBefore { get; init; }

    public IReadOnlyList<string>? GroupsAfter { get; init; }

    /// <summary><c>Contained</c>, <c>PartlyContained</c>, <c>Restored</c>, <c>PartlyRestored</c>, <c>Drifted</c>, <c>Unchanged</c> or <c>Failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>ECS's code or one of ours; null where there is nothing to name.</summary>
    public string? Code { get; init; }

    public string? Sentence { get; init; }

    public string? NetworkInterfaceId { get; init; }

    public string? MacAddress { get; init; }

    /// <summary>Private, public and IPv6 addresses, as read.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    public string? VpcId { get; init; }

    /// <summary>The names of these groups at that time, by id, as far as they were read.</summary>
    public IReadOnlyDictionary<string, string>? GroupNames { get; init; }
}

/// <summary>How long sessions may outlive the change.</summary>
/// <param name="IdleSeconds">After so many seconds without a packet an established TCP session ends; null where the interface did not say.</param>
/// <param name="Sentence">For a person.</param>
internal sealed record SessionsOutcome(int? IdleSeconds, string Sentence);

/// <summary>How a request can end.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OutcomeStatus>))]
internal enum OutcomeStatus
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

    /// <summary>Every interface concerned is in the isolation group alone, read back.</summary>
    Contained,

    /// <summary>Something was changed, and not every interface is in the isolation group alone.</summary>
    PartlyContained,

    /// <summary>Every interface is in the groups it had, and in those that others have added since.</summary>
    Restored,

    /// <summary>Some interfaces are in the groups they had.</summary>
    PartlyRestored,
}
