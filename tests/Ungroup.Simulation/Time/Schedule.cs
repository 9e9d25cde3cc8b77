namespace Ungroup.Simulation.Time;

/// <summary>
/// Virtual time. One thread runs one thing after the other, in the order of their instants; what is awaited completes inline.
/// Anything that left this thread would make a seed unrepeatable, so every simulated operation asks whether it is still on it.
/// </summary>
internal sealed class Schedule
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 17, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _order;

    public Baton Baton { get; } = new() { Work = () => Workers.CurrentWork.Of ?? (object)"nobody's" };

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>How many things have happened.</summary>
    public int Steps { get; private set; }

    /// <summary>Something ran on another thread, and the seed proves nothing: where.</summary>
    public Exception? LeftItsThread { get; private set; }

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    public void At(DateTimeOffset instant, Action action)
    {
        StayOnThread();
        _queue.Enqueue(action, (Math.Max(instant.Ticks, Now.Ticks), _order++));
    }

    /// <summary>False when nothing is left to happen.</summary>
    public bool RunNext()
    {
        StayOnThread();
        if (!_queue.TryDequeue(out var action, out var when))
        {
            return false;
        }

        Now = new(when.At, TimeSpan.Zero);
        Steps++;
        action();
        Baton.Pass();
        return true;
    }

    private void StayOnThread()
    {
        if (!Baton.IsHeldHere)
        {
            LeftItsThread ??= new InvalidOperationException($"A simulated operation ran on another thread: something hopped to the thread pool. {Environment.StackTrace}");
            throw LeftItsThread;
        }
    }
}
