namespace Ungroup.Simulation.Cloud;

/// <summary>An instance or a network interface, with the groups it is in and was in.</summary>
internal sealed class SimulatedResource(string id, string region, params IEnumerable<string> groups)
{
    private readonly List<(DateTimeOffset Since, string[] Groups)> _past = [(DateTimeOffset.MinValue, [.. groups])];

    public string Id => id;

    public string Region => region;

    public bool IsInstance => id.StartsWith("i-", StringComparison.Ordinal);

    /// <summary>The code with which ECS refuses every removal; null where it does not.</summary>
    public string? Refuses { get; init; }

    /// <summary>Until then it is starting, or in transit.</summary>
    public DateTimeOffset SettledAt { get; init; }

    public IReadOnlyList<string> Groups => _past[^1].Groups;

    /// <summary>As a reader sees it who is behind.</summary>
    public IReadOnlyList<string> GroupsAt(DateTimeOffset instant) => _past.FindLast(past => past.Since <= instant).Groups;

    public bool Leave(string group, DateTimeOffset now) => Groups.Contains(group) && Change([.. Groups.Where(member => member != group)], now);

    public bool Join(string group, DateTimeOffset now) => !Groups.Contains(group) && Change([.. Groups, group], now);

    private bool Change(string[] groups, DateTimeOffset now)
    {
        _past.Add((now, groups));
        return true;
    }
}
