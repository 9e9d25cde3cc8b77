using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Outcomes;

/// <summary>A message that can never become a removal. No ledger record holds it, so the event itself has to reach the bus.</summary>
internal sealed record Rejection(Outcome Outcome, OutcomeEvent Event)
{
    public string Code => Outcome.Code!;

    public string Description => Excerpt.Beside(Outcome.Sentence, Outcome.Excerpt);

    public string UntoldDescription => Excerpt.Beside(
        $"Nobody was told: the outcome bus did not take the Rejected event for an hour. {Outcome.Sentence}", Outcome.Excerpt);

    public static Rejection Of(ParsedRequest.Invalid invalid, Delivery delivery, DateTimeOffset now)
    {
        var outcome = Rejected("InvalidRequest", invalid.Sentence) with { Excerpt = Excerpt.Of(delivery.Body.Span) };
        return new(outcome, OutcomeEventWriter.Write(invalid, outcome, delivery, now));
    }

    public static Rejection Of(RemovalRequest request, Claim.Conflict conflict, Delivery delivery, DateTimeOffset now) => Of(
        request,
        Rejected(
            "IdempotencyConflict",
            $"`requestId` {request.RequestId} belongs to a request first seen {conflict.FirstSeenAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} "
                + $"that says something else: {RequestDifference.Of(conflict.Known, request)}; expected a new requestId for a new request."),
        delivery,
        now);

    public static Rejection Of(RemovalRequest request, Claim.Refused refused, Delivery delivery, DateTimeOffset now) =>
        Of(request, Rejected("LedgerRefused", $"{refused.Why} Without a record nothing is called, and nothing was."), delivery, now);

    /// <summary>A job that has the name of another one.</summary>
    public static Rejection OfJob(string jobId, string account, string sentence, Delivery delivery, DateTimeOffset now)
    {
        var outcome = Rejected("IdempotencyConflict", sentence);
        return new(outcome, OutcomeEventWriter.Write(jobId, account, outcome, delivery, now));
    }

    private static Rejection Of(RemovalRequest request, Outcome outcome, Delivery delivery, DateTimeOffset now) =>
        new(outcome, OutcomeEventWriter.Write(request, outcome, delivery, now));

    private static Outcome Rejected(string code, string sentence) => new() { Status = OutcomeStatus.Rejected, Code = code, Sentence = sentence };
}
