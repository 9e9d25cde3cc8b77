using System.Text.Json.Serialization;

namespace Ungroup.Jobs;

/// <summary>One resource of a plan.</summary>
/// <param name="Resource">An <c>i-…</c> or an <c>eni-…</c>.</param>
/// <param name="Region">Where it is.</param>
/// <param name="Groups">Those it was in when the plan was made; null where ECS did not list it.</param>
internal sealed record PlanItem(string Resource, string Region, IReadOnlyList<string>? Groups);

/// <summary>A member of the group that fits and is not in the plan.</summary>
/// <param name="Resource">An <c>i-…</c> or an <c>eni-…</c>.</param>
/// <param name="Why">A sentence.</param>
internal sealed record LeftOut(string Resource, string Why);

/// <summary>A plan in short. Its items are in rows of their own.</summary>
internal sealed record JobPlan
{
    /// <summary><c>sha256:…</c> over the job and its items; what somebody approves.</summary>
    public required string Hash { get; init; }

    public required int Count { get; init; }

    /// <summary>How many rows the items are in.</summary>
    public required int Rows { get; init; }

    /// <summary>How many requests may fail; one more, and nothing more is issued.</summary>
    public required int MaxFailures { get; init; }

    public required DateTimeOffset PlannedAt { get; init; }

    /// <summary>The members of the group, where the resources were selected.</summary>
    public int? Members { get; init; }

    /// <summary>The first of those that were left out.</summary>
    public IReadOnlyList<LeftOut>? LeftOut { get; init; }

    /// <summary>Things that the person who approves it should know, a sentence each; null where there is nothing.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    /// <summary>A tenth of the plan, at least 5.</summary>
    public static int FailuresAllowed(int? given, int count) => given ?? Math.Max(5, count / 10);
}

/// <summary>Some resources of a plan that are issued together, one after the other in its order.</summary>
/// <param name="Number">From 0.</param>
/// <param name="First">The place of its first resource in the plan, from 0.</param>
/// <param name="Count">How many; at least 1.</param>
/// <param name="IssuedAt">When all of its requests were on the queue; null before, when some may be.</param>
internal sealed record Portion(int Number, int First, int Count, DateTimeOffset? IssuedAt = null)
{
    public const int Largest = 100;

    /// <summary>1, 2, 4 … 64, 100: a job that is wrong does little harm before that shows.</summary>
    public static int SizeOf(int number) => number >= 7 ? Largest : 1 << number;

    [JsonIgnore]
    public int End => First + Count;
}
