namespace Ungroup.Ledger;

/// <summary>Groups as a set: ECS lists them in any order.</summary>
internal static class GroupSets
{
    public static bool Same(IReadOnlyCollection<string> one, IReadOnlyCollection<string> other) => one.Count == other.Count && one.All(other.Contains);

    public static bool IsAlone(IReadOnlyList<string> groups, string? group) => groups is [var only] && only == group;
}
