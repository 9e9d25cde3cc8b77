namespace Ungroup.Sandbox.Ecs;

/// <summary>How often LeaveSecurityGroup has taken a resource, by the id it was called by, out of a group. Used while the world is held.</summary>
internal sealed class LeaveBook
{
    private readonly Dictionary<string, long> _counts = [];

    /// <summary>By `resource|group`.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public long Of(string resourceId, string groupId) => _counts.GetValueOrDefault(Edge(resourceId, groupId));

    public void Count(string resourceId, string groupId) => _counts[Edge(resourceId, groupId)] = Of(resourceId, groupId) + 1;

    public void Resume(IReadOnlyDictionary<string, int> counts)
    {
        foreach (var (edge, count) in counts)
        {
            _counts[edge] = count;
        }
    }

    private static string Edge(string resourceId, string groupId) => $"{resourceId}|{groupId}";
}
