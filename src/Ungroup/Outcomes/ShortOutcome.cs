using Ungroup.Requests;

namespace Ungroup.Outcomes;

/// <summary>What is left of an outcome that is too large for the bus: what happened, and where the evidence is.</summary>
internal static class ShortOutcome
{
    private const int LongestSentence = 400;

    public static OutcomeData WithoutEvidence(OutcomeData data) => data with
    {
        Sentence = $"{Shown.Cut(data.Sentence, LongestSentence)} {Whereabouts(data)}",
        Excerpt = null,
        Request = data.Request is { } request ? request with { RequestedBy = null, Reason = null } : null,
        EcsRequestIds = [],
        GroupsBefore = null,
        GroupsAfter = null,
        Truncated = true,
    };

    // No ledger holds what was rejected.
    private static string Whereabouts(OutcomeData data) => data.Status == OutcomeStatus.Rejected
        ? $"The event was too large for the bus; the whole message is in the dead-letter queue under {data.MessageId}."
        : $"The event was too large for the bus; the whole of it is kept in the ledger under {data.Account}/{data.RequestId}.";
}
