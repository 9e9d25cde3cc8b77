namespace Ungroup.Ecs.Containment;

/// <summary>
/// Decides what is done next to one interface, by what was seen of it and what it should come to. Pure. The interface is, whatever is seen,
/// never taken out of its last group, leaves nothing that it may keep, and joins nothing that it should not.
/// </summary>
internal abstract record NextStep
{
    private NextStep()
    {
    }

    /// <summary>Nothing is left to do.</summary>
    public sealed record Done : NextStep;

    public sealed record Join(string Group) : NextStep;

    public sealed record Leave(string Group) : NextStep;

    /// <summary>The whole set in one call.</summary>
    public sealed record Modify(IReadOnlyList<string> Groups) : NextStep;

    /// <summary>Something is left, and nothing more can be done about it.</summary>
    public sealed record Stuck(string Code, string? Group) : NextStep;

    /// <param name="seen">The interface as it is.</param>
    /// <param name="wanted">The groups that it should come to.</param>
    public static NextStep Of(SeenGroups seen, WantedGroups wanted)
    {
        List<string> missing = [.. wanted.Groups.Except(seen.Groups, StringComparer.Ordinal)];
        List<string> extra = [.. seen.Groups.Where(wanted.ShouldLeave).Order(StringComparer.Ordinal)];
        if (missing.Count == 0 && extra.Count == 0)
        {
            return new Done();
        }

        var leaving = extra.Find(group => !seen.Refusals.ContainsKey(group));
        if (wanted.AtOnce)
        {
            List<string> set = [.. seen.Groups.Except(extra.Where(group => !seen.Refusals.ContainsKey(group)), StringComparer.Ordinal), .. missing];
            return seen.Refusals.TryGetValue(WantedGroups.WholeSet, out var refused) ? new Stuck(refused, missing.FirstOrDefault() ?? extra[0])
                : missing.Count == 0 && leaving is null ? new Stuck(seen.Refusals[extra[0]], extra[0])
                : set.Count == 0 ? new Stuck(WantedGroups.LastGroup, extra[0])
                : new Modify(set);
        }

        // A group that would be the last is kept, and so is everything while nothing that may stay is there; but for one place that is needed.
        if (missing.Find(group => !seen.Refusals.ContainsKey(group)) is { } joining)
        {
            return !seen.IsFull ? new Join(joining)
                : leaving is not null && seen.Groups.Count > 1 ? new Leave(leaving)
                : new Stuck(WantedGroups.NoPlace, joining);
        }

        return leaving is not null && seen.Groups.Count > extra.Count ? new Leave(leaving)
            : missing.Concat(extra).FirstOrDefault(seen.Refusals.ContainsKey) is { } stuck ? new Stuck(seen.Refusals[stuck], stuck)
            : new Stuck(WantedGroups.LastGroup, extra[0]);
    }
}

/// <summary>An interface as it was seen, and what ECS has refused of it.</summary>
/// <param name="Groups">Those that it is in; one at least.</param>
/// <param name="Refusals">By group: ECS's code for not joining, or not leaving it.</param>
/// <param name="IsFull">ECS takes it into no further group.</param>
internal sealed record SeenGroups(IReadOnlyList<string> Groups, IReadOnlyDictionary<string, string> Refusals, bool IsFull = false);

/// <summary>The groups that an interface should come to.</summary>
/// <param name="Groups">Those that it should be in.</param>
/// <param name="ShouldLeave">Those that it should not be in; what is neither stays as it is.</param>
/// <param name="AtOnce">By one call for the whole set.</param>
internal sealed record WantedGroups(IReadOnlyList<string> Groups, Func<string, bool> ShouldLeave, bool AtOnce = false)
{
    /// <summary>The name under which a refusal of the whole set is kept.</summary>
    public const string WholeSet = "*";

    public const string LastGroup = "LastGroup";
    public const string NoPlace = "NoPlace";

    /// <summary>In that group alone.</summary>
    public static WantedGroups Contained(string isolation, bool atOnce) => new([isolation], group => group != isolation, atOnce);

    /// <summary>In these groups, out of the isolation groups unless they are among them, and in whatever others have added.</summary>
    public static WantedGroups Restored(IReadOnlyList<string> groups, IReadOnlyList<string> isolation, bool atOnce) =>
        new(groups, group => isolation.Contains(group) && !groups.Contains(group), atOnce);
}
