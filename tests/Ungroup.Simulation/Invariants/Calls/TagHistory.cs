using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

/// <summary>When each resource had a protected tag, in truth. None has one from the beginning.</summary>
internal sealed class TagHistory
{
    private readonly Dictionary<string, List<(DateTimeOffset At, bool IsProtected)>> _tags = [];

    public TagHistory(IReadOnlyList<Line> lines)
    {
        foreach (var line in lines)
        {
            if (line.What is Happening.TagChanged changed)
            {
                (_tags.TryGetValue(changed.Resource, out var list) ? list : _tags[changed.Resource] = [(DateTimeOffset.MinValue, false)]).Add((line.At, changed.IsProtected));
            }
        }
    }

    public bool IsEmpty => _tags.Count == 0;

    /// <summary>At every instant between two, both included.</summary>
    public bool IsProtectedAllThrough(string resource, DateTimeOffset from, DateTimeOffset to) => Between(resource, from, to).All(one => one);

    /// <summary>At one instant between two, both included.</summary>
    public bool IsEverProtected(string resource, DateTimeOffset from, DateTimeOffset to) => Between(resource, from, to).Any(one => one);

    private IEnumerable<bool> Between(string resource, DateTimeOffset from, DateTimeOffset to)
    {
        if (!_tags.TryGetValue(resource, out var past))
        {
            return [false];
        }

        return past.Skip(past.FindLastIndex(one => one.At <= from)).TakeWhile(one => one.At <= to).Select(one => one.IsProtected);
    }
}
