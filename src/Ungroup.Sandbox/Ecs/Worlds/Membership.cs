namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>The groups of one network interface. Replaced as a whole, so that a reader never sees half a change.</summary>
internal sealed class Membership(IReadOnlyList<SecurityGroup> groups)
{
    private sealed record Stale(IReadOnlyList<SecurityGroup> Groups, DateTimeOffset Until);

    private Stale? _stale;

    public IReadOnlyList<SecurityGroup> Groups { get; private set; } = groups;

    public bool Contains(SecurityGroup group) => Groups.Contains(group);

    /// <summary>What a read shows at that moment: after a change that asked for it, the groups from before.</summary>
    public IReadOnlyList<SecurityGroup> ShownAt(DateTimeOffset now) => _stale is { } old && now < old.Until ? old.Groups : Groups;

    public void Replace(IReadOnlyList<SecurityGroup> groups) => Groups = groups;

    public void KeepShowing(IReadOnlyList<SecurityGroup> before, DateTimeOffset until) => _stale = new Stale(before, until);
}
