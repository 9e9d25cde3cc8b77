using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ungroup.Display;
using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Outcomes;

/// <summary>Writes outcomes as events. The id depends on account, request id and status alone.</summary>
internal static class OutcomeEventWriter
{
    // Names and reasons in any script stay readable; the event is never put into a page as it is.
    private static readonly OutcomeJson Json = new(new JsonSerializerOptions(OutcomeJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The event of a request that was worked on.</summary>
    public static OutcomeEvent Write(RemovalRequest request, Outcome outcome, LedgerRecord record, string messageId, DateTimeOffset now) =>
        Write(
            outcome,
            request.Resource.Value,
            now,
            Data(outcome, messageId, request.Account, now) with
            {
                RequestId = request.RequestId,
                Request = RequestData.Of(request),
                Attempts = record.Attempts,
                FirstSeenAt = record.FirstSeenAt,
                QuotaUsedByOthers = outcome.QuotaUsedByOthers || record.MetOthers ? true : null,
            });

    /// <summary>The event of a message whose key belongs to another request.</summary>
    public static OutcomeEvent Write(RemovalRequest request, Outcome outcome, Delivery delivery, DateTimeOffset now) =>
        Write(
            outcome,
            request.Resource.Value,
            now,
            Data(outcome, delivery.MessageId, request.Account, now) with
            {
                RequestId = request.RequestId,
                Request = RequestData.Of(request),
                FirstSeenAt = delivery.EnqueuedAt,
            });

    /// <summary>The event of a message that could not be read.</summary>
    public static OutcomeEvent Write(ParsedRequest.Invalid invalid, Outcome outcome, Delivery delivery, DateTimeOffset now) =>
        Write(
            outcome,
            invalid.Subject ?? $"message:{delivery.MessageId}",
            now,
            Data(outcome, delivery.MessageId, invalid.Account, now) with
            {
                RequestId = invalid.RequestId,
                FirstSeenAt = delivery.EnqueuedAt,
            });

    /// <summary>The same event, of the same id, small enough for any bus. What is left out is kept where its sentence says.</summary>
    public static OutcomeEvent WithoutEvidence(OutcomeEvent outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var whole = JsonSerializer.Deserialize(outcome.Json.Span, Json.OutcomeEnvelope)!;
        return outcome with { Json = Bytes(whole with { Data = ShortOutcome.WithoutEvidence(whole.Data) }) };
    }

    /// <summary>32 hexadecimal digits. A message without a request id is keyed by its own id, in a name space of its own.</summary>
    public static string IdOf(string account, string? requestId, string messageId, OutcomeStatus status)
    {
        var key = requestId is null ? $"message\n{messageId}" : $"request\n{requestId}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}\n{key}\n{status}")).AsSpan(0, 16));
    }

    private static OutcomeData Data(Outcome outcome, string messageId, string account, DateTimeOffset now) => new()
    {
        Status = outcome.Status,
        Code = outcome.Code,
        Sentence = outcome.Sentence,
        Excerpt = outcome.Excerpt,
        MessageId = messageId,
        Account = account,
        ConfirmedByReadBack = outcome.ConfirmedByReadBack,
        EcsRequestIds = outcome.EcsRequestIds,
        FirstSeenAt = now,
        DecidedAt = now,
        GroupsBefore = outcome.GroupsBefore,
        GroupsAfter = outcome.GroupsAfter,
    };

    private static OutcomeEvent Write(Outcome outcome, string subject, DateTimeOffset now, OutcomeData data)
    {
        var envelope = new OutcomeEnvelope
        {
            Id = IdOf(data.Account, data.RequestId, data.MessageId, outcome.Status),
            Type = $"ungroup.removal.{outcome.Status}.v1",
            Subject = subject,
            Time = now,
            Data = data,
        };
        return new(envelope.Id, envelope.Type, subject, Bytes(envelope), OutcomeFacts.Of(data));
    }

    private static byte[] Bytes(OutcomeEnvelope envelope) => DisplayJson.Escape(JsonSerializer.SerializeToUtf8Bytes(envelope, Json.OutcomeEnvelope));
}
