namespace Ungroup.Sandbox.Ecs;

/// <summary>
/// One membership that has changed. <see cref="Resource"/> is an instance for its primary interface; <see cref="By"/> is the action that did it,
/// or `others`.
/// </summary>
public sealed record LoggedMembership(long Number, DateTimeOffset At, string Resource, string By, IReadOnlyList<string> Before, IReadOnlyList<string> After);

/// <summary>The latest changes of memberships, bounded, in the order they were made. Written while the world is held.</summary>
internal sealed class MembershipLog
{
    private const int Capacity = 100_000;

    private readonly Lock _gate = new();
    private readonly Queue<LoggedMembership> _latest = new();
    private long _count;

    public IReadOnlyList<LoggedMembership> Snapshot()
    {
        lock (_gate)
        {
            return [.. _latest];
        }
    }

    public void Add(LoggedMembership change)
    {
        lock (_gate)
        {
            _latest.Enqueue(change with { Number = ++_count });
            if (_latest.Count > Capacity)
            {
                _latest.Dequeue();
            }
        }
    }
}
