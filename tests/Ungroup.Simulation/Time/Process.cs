namespace Ungroup.Simulation.Time;

/// <summary>Something that can die. Tasks that were under way in it then are never completed, and its timers never fire.</summary>
internal sealed class Process(Schedule schedule, string name)
{
    public string Name => name;

    public bool IsAlive { get; private set; } = true;

    public void After(TimeSpan delay, Action action) => schedule.After(delay, () =>
    {
        if (IsAlive)
        {
            action();
        }
    });

    public void Die() => IsAlive = false;
}
