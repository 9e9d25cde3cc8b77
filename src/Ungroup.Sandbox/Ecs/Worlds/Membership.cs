namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>The groups of one network interface. Replaced as a whole, so that a reader never sees half a change.</summary>
internal sealed class Membership(IReadOnlyList<SecurityGroup> groups)
{
    private sealed record Past(IReadOnlyList<SecurityGroup> Groups, DateTimeOffset Until);

    private readonly List<Past> _past = [];

    public IReadOnlyList<SecurityGroup> Groups { get; private set; } = groups;

    /// <summary>The fewest groups it has ever had at once. Nothing is ever in no group, so 0 would be a defect.</summary>
    public int Shortest { get; set; } = groups.Count;

    public bool Contains(SecurityGroup group) => Groups.Contains(group);

    /// <summary>The groups that a read shows at that moment: while changes are fresh to it, the groups from before the first of them.</summary>
    public IReadOnlyList<SecurityGroup> ShownAt(DateTimeOffset now) => _past.Find(past => now < past.Until)?.Groups ?? Groups;

    /// <summary>Puts other groups in the place of these, which reads go on showing until then.</summary>
    public void Replace(IReadOnlyList<SecurityGroup> groups, DateTimeOffset now, TimeSpan lag)
    {
        _past.RemoveAll(past => past.Until <= now);
        _past.Add(new Past(Groups, now + lag));
        (Groups, Shortest) = (groups, Math.Min(Shortest, groups.Count));
    }

    /// <summary>Makes reads show for longer what was before the latest change.</summary>
    public void KeepShowing(DateTimeOffset until)
    {
        if (_past is [.., var latest] && until > latest.Until)
        {
            _past[^1] = latest with { Until = until };
        }
    }
}
