using System.Security.Cryptography;
using System.Text.Json;
using Ungroup.Json;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Outcomes;

internal static class OutcomeEventWriter
{
    public static OutcomeEvent Write(RemovalRequest request, Outcome outcome, LedgerRecord record, string messageId, DateTimeOffset now) =>
        Write(
            OutcomeIds.Of(request.Account, request.RequestId, outcome.Status),
            SubjectOf(request, outcome),
            Data(outcome, messageId, request.Account, now) with
            {
                RequestId = request.RequestId,
                JobId = record.Door is RequestDoor.Job or RequestDoor.ApprovedJob or RequestDoor.RestoreJob ? request.RequestId.Split('/')[0] : null,
                Request = Told(request),
                Attempts = record.Attempts,
                FirstSeenAt = record.FirstSeenAt,
                QuotaUsedByOthers = outcome.QuotaUsedByOthers || record.MetOthers ? true : null,
            },
            outcome.IsEvidence);

    public static OutcomeEvent Write(RemovalRequest request, Outcome outcome, Delivery delivery, DateTimeOffset now) =>
        Write(
            OutcomeIds.Of(request.Account, delivery, outcome),
            SubjectOf(request, outcome),
            Data(outcome, delivery.MessageId, request.Account, now) with
            {
                RequestId = request.RequestId,
                Request = Told(request),
                FirstSeenAt = delivery.EnqueuedAt,
            });

    public static OutcomeEvent Write(ParsedRequest.Invalid invalid, Outcome outcome, Delivery delivery, DateTimeOffset now) =>
        Write(
            OutcomeIds.Of(invalid.Account, delivery, outcome),
            invalid.Subject ?? (invalid.JobId is { } job ? JobSubject(job) : $"message:{delivery.MessageId}"),
            Data(outcome, delivery.MessageId, invalid.Account, now) with
            {
                RequestId = invalid.RequestId,
                JobId = invalid.JobId,
                FirstSeenAt = delivery.EnqueuedAt,
            });

    /// <summary>Of a job that is another one of the same name.</summary>
    public static OutcomeEvent Write(string jobId, string account, Outcome outcome, Delivery delivery, DateTimeOffset now) =>
        Write(
            OutcomeIds.Of(account, delivery, outcome),
            JobSubject(jobId),
            Data(outcome, delivery.MessageId, account, now) with { JobId = jobId, FirstSeenAt = delivery.EnqueuedAt });

    /// <summary>The same event, of the same id, small enough for any bus.</summary>
    public static OutcomeEvent WithoutEvidence(OutcomeEvent outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var whole = JsonSerializer.Deserialize(outcome.Json.Span, OutcomeJson.Default.Event)!;
        return Event(ShortOutcome.WithoutEvidence(whole));
    }

    private static OutcomeData Data(Outcome outcome, string messageId, string account, DateTimeOffset now) => new()
    {
        Status = outcome.Status,
        Code = outcome.Code,
        Sentence = outcome.Sentence,
        Excerpt = outcome.Excerpt,
        MessageId = MessageIds.Fitting(messageId),
        Account = account,
        ConfirmedByReadBack = outcome.ConfirmedByReadBack,
        EcsRequestIds = outcome.EcsRequestIds,
        FirstSeenAt = now,
        DecidedAt = now,
        GroupsBefore = outcome.GroupsBefore,
        GroupsAfter = outcome.GroupsAfter,
        Interfaces = outcome.Interfaces,
        Undo = outcome.Undo,
        AlreadyContained = outcome.AlreadyContained ? true : null,
        AlreadyRestored = outcome.AlreadyRestored ? true : null,
        Sessions = outcome.Sessions,
        NotHandled = outcome.NotHandled,
        Warnings = outcome.Warnings,
        PreviousEvidenceHash = outcome.PreviousEvidenceHash,
    };

    public static string JobSubject(string jobId) => $"job:{jobId}";

    private static string SubjectOf(RemovalRequest request, Outcome outcome) => request.Resource?.Value ?? outcome.Subject ?? $"request:{request.Of}";

    /// <summary>Null where the event has none.</summary>
    public static string? EvidenceHashOf(OutcomeEvent told)
    {
        ArgumentNullException.ThrowIfNull(told);
        return JsonSerializer.Deserialize(told.Json.Span, OutcomeJson.Default.Event)!.Data.EvidenceHash;
    }

    private static string HashOf(OutcomeData data) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(CanonicalJson.Of(JsonSerializer.SerializeToElement(data, OutcomeJson.Default.OutcomeData))));

    // The region that was meant, given or not.
    private static RemovalRequest Told(RemovalRequest request) => request with { RegionIsDefault = false };

    private static OutcomeEvent Write(string id, string subject, OutcomeData data, bool isEvidence = false) => Event(new()
    {
        Id = id,
        Type = $"ungroup.removal.{data.Status}.v1",
        Subject = subject,
        Time = data.DecidedAt,
        Data = isEvidence ? data with { EvidenceHash = HashOf(data) } : data,
    });

    private static OutcomeEvent Event(EventEnvelope<OutcomeData> envelope) => envelope.ToEvent(OutcomeJson.Default.Event, envelope.Data.ToFacts());
}
