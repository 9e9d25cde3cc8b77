using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Outcomes;

/// <summary>Tells of an outcome in its event. <c>docs/outcome.schema.json</c> is generated from it and its envelope.</summary>
internal sealed record OutcomeData
{
    public required OutcomeStatus Status { get; init; }

    [Description("ECS's own code, the guardrail that refused, or InvalidRequest / IdempotencyConflict / LedgerRefused.")]
    public string? Code { get; init; }

    [Description("What happened and why, for a person.")]
    public required string Sentence { get; init; }

    [Description("How the body of a message began that could not be read, on one line, without what looks like a secret; only for InvalidRequest.")]
    [StringLength(Requests.Excerpt.Longest)]
    public string? Excerpt { get; init; }

    [Description("The key of the request: its requestId, or the id of the message; null where a rejected message gave none.")]
    public string? RequestId { get; init; }

    [Description("The job that made the request, or the job that was rejected; null where there is none.")]
    public string? JobId { get; init; }

    [Description("The id the sender gave the message; of one with more than 128 characters the beginning, and a hash of the whole.")]
    public required string MessageId { get; init; }

    [Description("The account the request named, or default.")]
    public required string Account { get; init; }

    [Description("The request as parsed; null where the message could not be read as one.")]
    public RemovalRequest? Request { get; init; }

    [Description("The reply to our call was lost, or came and could not be written down, and ECS says that the resource is no member.")]
    public bool ConfirmedByReadBack { get; init; }

    [Description("How often a call that changes something was made for this request.")]
    public int Attempts { get; init; }

    [Description("The RequestIds ECS answered with during the last delivery, in order.")]
    public required IReadOnlyList<string> EcsRequestIds { get; init; }

    [Description("When the request was first seen.")]
    public required DateTimeOffset FirstSeenAt { get; init; }

    [Description("When the outcome was decided.")]
    public required DateTimeOffset DecidedAt { get; init; }

    [Description("The security groups of the resource before, where they were read.")]
    public IReadOnlyList<string>? GroupsBefore { get; init; }

    [Description("The security groups of the resource after, where they were read.")]
    public IReadOnlyList<string>? GroupsAfter { get; init; }

    [Description("Of contain and restore: each interface, before and after. An instance's id stands for its primary interface.")]
    public IReadOnlyList<InterfaceOutcome>? Interfaces { get; init; }

    [Description("Of contain: the requestId that a restore can name.")]
    public string? Undo { get; init; }

    [Description("Only true: everything was in the isolation group alone before.")]
    public bool? AlreadyContained { get; init; }

    [Description("Only true: everything was in its groups before.")]
    public bool? AlreadyRestored { get; init; }

    [Description("How long sessions that were open may go on.")]
    public SessionsOutcome? Sessions { get; init; }

    [Description("Ways to the host, and its ends, that a change of groups does not touch; a sentence each.")]
    public IReadOnlyList<string>? NotHandled { get; init; }

    [Description("What somebody should know although the request has ended; a sentence each.")]
    public IReadOnlyList<string>? Warnings { get; init; }

    [Description("SHA-256 of the canonical JSON (RFC 8785) of data without this member.")]
    public string? EvidenceHash { get; init; }

    [Description("The evidenceHash of the outcome before this one that told of the same resource.")]
    public string? PreviousEvidenceHash { get; init; }

    [Description("Only true: a call for this request was refused although Ungroup had used less than the quota, so somebody else had used it.")]
    public bool? QuotaUsedByOthers { get; init; }

    [Description("Only true: the event was too large for the bus, and the sentence says where the whole of it is kept.")]
    public bool? Truncated { get; init; }

    public OutcomeFacts ToFacts() => new(
        Status.ToString(), Code, Sentence, ConfirmedByReadBack, MessageId, RequestId, Account, NameOf(Request?.Origin), JobId)
    {
        AlreadyContained = AlreadyContained == true,
    };

    private static string? NameOf(Origin? origin) => origin switch
    {
        Origin.Upstream => "upstream",
        Origin.Incident => "incident",
        Origin.Cleanup => "cleanup",
        _ => null,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventEnvelope<OutcomeData>), TypeInfoPropertyName = "Event")]
[JsonSerializable(typeof(RemovalRequest))]
internal sealed partial class OutcomeJson : JsonSerializerContext;
