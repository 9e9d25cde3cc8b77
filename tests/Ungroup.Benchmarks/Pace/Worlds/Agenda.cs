namespace Ungroup.Benchmarks.Pace.Worlds;

/// <summary>Virtual time: what happens when, one thing after another; what is due at the same tick keeps its order.</summary>
internal sealed class Agenda(DateTimeOffset start)
{
    private readonly PriorityQueue<Action, (long Ticks, long Number)> _events = new();
    private long _number;

    public DateTimeOffset Now { get; private set; } = start;

    public void At(DateTimeOffset time, Action happens)
    {
        if (time < Now)
        {
            throw new InvalidOperationException($"It is {Now:O}: nothing can happen at {time:O} any more.");
        }

        _events.Enqueue(happens, (time.UtcTicks, _number++));
    }

    public void After(TimeSpan wait, Action happens) => At(Now + wait, happens);

    /// <summary>Lets things happen until it is over, the end has come or nothing is left to happen.</summary>
    public void Run(DateTimeOffset end, Func<bool> over)
    {
        while (!over() && _events.TryPeek(out _, out var due) && due.Ticks <= end.UtcTicks)
        {
            var happens = _events.Dequeue();
            Now = new(due.Ticks, TimeSpan.Zero);
            happens();
        }

        if (!over())
        {
            Now = end;
        }
    }
}
