using System.Text.Json.Serialization;

namespace Ungroup.Jobs;

/// <summary>The end of one resource of a job.</summary>
/// <param name="Resource">An <c>i-…</c> or an <c>eni-…</c>.</param>
/// <param name="Status">The name of an outcome's status.</param>
/// <param name="Code">The outcome's; null where there is none.</param>
/// <param name="Sentence">The outcome's.</param>
internal sealed record ChildResult(string Resource, string Status, string? Code, string Sentence)
{
    /// <summary>It was contained by an earlier request; null where it was not.</summary>
    public bool? AlreadyContained { get; init; }

    /// <summary>The request changed something, which a restore of it would undo.</summary>
    [JsonIgnore]
    public bool IsChange => Status is "Removed" or "PartlyContained" || (Status == "Contained" && AlreadyContained is null);

    /// <summary>Counts towards <c>maxFailures</c>. A refusal is a guardrail that worked.</summary>
    [JsonIgnore]
    public bool IsFailure => IsFailed(Status);

    public static bool IsFailed(string status) => status is "Failed" or "Expired" or "Rejected" || status.StartsWith("Partly", StringComparison.Ordinal);
}

/// <summary>Outcomes by status, and what failed.</summary>
internal sealed record JobCounts
{
    private const int MostFailures = 20;
    private const int MostKinds = 20;

    public static JobCounts None { get; } = new();

    public IReadOnlyDictionary<string, int> ByStatus { get; init; } = new Dictionary<string, int>();

    public int Failures { get; init; }

    /// <summary>The first twenty.</summary>
    public IReadOnlyList<ChildResult> FirstFailures { get; init; } = [];

    /// <summary>Failures by code, at most twenty kinds.</summary>
    public IReadOnlyList<FailureKind> Kinds { get; init; } = [];

    public int Total => ByStatus.Values.Sum();

    public static JobCounts Of(IReadOnlyCollection<ChildResult> results)
    {
        var failed = results.Where(result => result.IsFailure).ToList();
        return new()
        {
            ByStatus = results.CountBy(result => result.Status).ToDictionary(),
            Failures = failed.Count,
            FirstFailures = [.. failed.Take(MostFailures)],
            Kinds = Merged(failed.Select(result => new FailureKind(result.Code ?? result.Status, result.Sentence, 1, result.Resource))),
        };
    }

    public JobCounts With(JobCounts later) => new()
    {
        ByStatus = ByStatus.Concat(later.ByStatus).GroupBy(one => one.Key).OrderBy(one => one.Key, StringComparer.Ordinal).ToDictionary(one => one.Key, one => one.Sum(part => part.Value)),
        Failures = Failures + later.Failures,
        FirstFailures = [.. FirstFailures.Concat(later.FirstFailures).Take(MostFailures)],
        Kinds = Merged(Kinds.Concat(later.Kinds)),
    };

    private static List<FailureKind> Merged(IEnumerable<FailureKind> kinds) =>
    [
        .. kinds.GroupBy(kind => kind.Code, (_, same) => same.Aggregate((first, other) => first with { Count = first.Count + other.Count })).Take(MostKinds),
    ];
}

/// <summary>Failures with the same code.</summary>
/// <param name="Code">The outcome's, or its status where it has none.</param>
/// <param name="Sentence">Of the first of them.</param>
/// <param name="Count">How many.</param>
/// <param name="First">The resource of the first of them.</param>
internal sealed record FailureKind(string Code, string Sentence, int Count, string First);

/// <summary>A member of the group that a job selects from, as a page of a list has it.</summary>
/// <param name="Resource">An <c>i-…</c> or an <c>eni-…</c>.</param>
/// <param name="Groups">Those it is in.</param>
/// <param name="Fits">It has the tags that are asked for.</param>
/// <param name="LeftOut">Why it is not selected although it may fit; null where it is not left out.</param>
internal sealed record FoundMember(string Resource, IReadOnlyList<string> Groups, bool Fits, string? LeftOut = null)
{
    /// <summary>The instance of an interface, whose tags count too; null where it has none, or is one.</summary>
    public string? Instance { get; init; }

    /// <summary>The key of a tag that it has, and that is asked for in another case; null where it has none.</summary>
    public string? OtherCase { get; init; }
}
