using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>Which groups each resource was in, in truth, and which instance each interface was attached to.</summary>
internal sealed class GroupHistory
{
    private readonly Dictionary<string, List<(DateTimeOffset At, IReadOnlyList<string> Groups)>> _groups = [];
    private readonly Dictionary<string, List<(DateTimeOffset At, string? Host)>> _hosts = [];

    public GroupHistory(IReadOnlyList<Line> lines)
    {
        foreach (var line in lines)
        {
            if (line.What is Happening.GroupsChanged changed)
            {
                Of(_groups, changed.Resource).Add((changed.Before.Count == 0 && changed.Call is null ? DateTimeOffset.MinValue : line.At, changed.After));
            }
            else if (line.What is Happening.Attached attached)
            {
                Of(_hosts, attached.Card).Add((attached.Since, attached.Host));
            }
        }
    }

    /// <summary>Whether there was an instant between two, both included, at which that was true of the resource's groups.</summary>
    public bool WasEver(string resource, DateTimeOffset from, DateTimeOffset to, Func<IReadOnlyList<string>, bool> isSo)
    {
        var past = Of(_groups, resource);
        var first = Math.Max(0, past.FindLastIndex(one => one.At <= from));
        return past.Skip(first).TakeWhile(one => one.At <= to).Any(one => isSo(one.Groups));
    }

    /// <summary>Interfaces that were attached to an instance all of that time, the primary one aside.</summary>
    public IEnumerable<string> CardsOf(string instance, DateTimeOffset from, DateTimeOffset to) => _hosts
        .Where(card => card.Value.FindLast(one => one.At <= from).Host == instance && !card.Value.Exists(one => one.At > from && one.At <= to))
        .Select(card => card.Key);

    /// <summary>The instance that an interface was attached to at an instant, the primary one aside; null where there was none.</summary>
    public string? HostOf(string card, DateTimeOffset at) => _hosts.TryGetValue(card, out var past) ? past.FindLast(one => one.At <= at).Host : null;

    /// <summary>An instance and every interface that was ever attached to it, or an interface alone.</summary>
    public IEnumerable<string> EverOn(string resource) => [resource, .. _hosts.Where(card => card.Value.Exists(one => one.Host == resource)).Select(card => card.Key)];

    private static List<T> Of<T>(Dictionary<string, List<T>> all, string key) => all.TryGetValue(key, out var list) ? list : all[key] = [];
}
