using Ungroup.Display;
using Ungroup.Messages;

namespace Ungroup.Outcomes;

/// <summary>The rest of an outcome that is too large for the bus, 8,000 bytes at most: every text is capped here or when it was read.</summary>
internal static class ShortOutcome
{
    private const int LongestSentence = 400;
    private const int LongestName = 128;

    public static EventEnvelope<OutcomeData> WithoutEvidence(EventEnvelope<OutcomeData> whole) => whole with
    {
        Subject = DisplayText.Cut(whole.Subject, LongestName + "message:".Length),
        Data = WithoutEvidence(whole.Data with
        {
            Code = Cut(whole.Data.Code),
            RequestId = Cut(whole.Data.RequestId),
            MessageId = MessageIds.Fitting(whole.Data.MessageId),
            Account = DisplayText.Cut(whole.Data.Account, LongestName),
        }),
    };

    private static OutcomeData WithoutEvidence(OutcomeData data) => data with
    {
        Sentence = $"{DisplayText.Cut(data.Sentence, LongestSentence)} {Whereabouts(data)}",
        Excerpt = null,

        // The reader takes no other member that has more than 128 characters.
        Request = data.Request is { } request ? request with { RequestedBy = null, Reason = null } : null,
        EcsRequestIds = [],
        GroupsBefore = null,
        GroupsAfter = null,
        Interfaces = null,
        Sessions = null,
        NotHandled = null,
        Warnings = null,
        Truncated = true,
    };

    private static string? Cut(string? name) => name is null ? null : DisplayText.Cut(name, LongestName);

    private static string Whereabouts(OutcomeData data) => data.Status == OutcomeStatus.Rejected
        ? $"The event was too large for the bus; the whole message is in the dead-letter queue under {data.MessageId}."
        : $"The event was too large for the bus; the whole of it is kept in the ledger under {data.Account}/{data.RequestId}.";
}
