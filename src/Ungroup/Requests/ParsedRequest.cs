using Ungroup.Display;

namespace Ungroup.Requests;

/// <summary>The result of reading a message: a request, or the reasons why not.</summary>
internal abstract record ParsedRequest
{
    private ParsedRequest()
    {
    }

    public sealed record Accepted(RemovalRequest Request) : ParsedRequest;

    /// <summary>The body names a job, and is for those who know what one is.</summary>
    public sealed record Job : ParsedRequest;

    /// <param name="RequestId">The key the sender gave, where it could be read; null otherwise.</param>
    /// <param name="Account">The account the sender named, where it could be read; otherwise the default one.</param>
    /// <param name="Subject">The resource the sender named, where it could be read.</param>
    /// <param name="Problems">At least one.</param>
    public sealed record Invalid(string? RequestId, string Account, string? Subject, IReadOnlyList<RequestProblem> Problems)
        : ParsedRequest
    {
        // The event has to fit the bus, and the description a dead letter.
        private const int MostSentences = 10;
        private const int LongestSentence = 400;

        /// <summary>The name of the job that was asked for; null where none was, or it could not be read.</summary>
        public string? JobId { get; init; }

        /// <summary>Says what is wrong, for a person: the first ten problems, and how many more there are.</summary>
        public string Sentence => string.Join(' ', Problems.Take(MostSentences).Select(problem => DisplayText.Cut(problem.Sentence, LongestSentence)))
            + (Problems.Count > MostSentences ? $" And {Problems.Count - MostSentences:N0} more." : "");
    }
}

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Member">The member to change, or <c>body</c>.</param>
/// <param name="Sentence">Says what came, what was expected.</param>
public sealed record RequestProblem(string Member, string Sentence);
