namespace Ungroup.Simulation.Time;

/// <summary>
/// Task.Delay, when its token is cancelled, continues on the thread pool, whatever one does. The baton makes up for it: what has
/// hopped waits there until the scheduler is done with its step, then runs alone, in the order of the cancellations, while
/// the scheduler waits for it. So there are two threads, and never two at a time, and a seed stays repeatable.
/// </summary>
internal sealed class Baton
{
    private static readonly AsyncLocal<Baton?> Flowing = new(Changed);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _guard = new();
    private readonly Queue<object?> _expected = new();
    private readonly int _home = Environment.CurrentManagedThreadId;
    private readonly SemaphoreSlim _done = new(0);
    private readonly Dictionary<object, SemaphoreSlim> _turns = [];
    private int _holder = Environment.CurrentManagedThreadId;

    /// <summary>The work that a hop belongs to, which tells it from another; read on either thread.</summary>
    public required Func<object> Work { get; init; }

    public bool IsHeldHere => Environment.CurrentManagedThreadId == _holder;

    /// <summary>Everything that begins from here on carries this baton along.</summary>
    public static void Carry(Baton? baton) => Flowing.Value = baton;

    /// <summary>A delay was cancelled: what awaits it is on its way to the thread pool.</summary>
    public void Expect(object work) => _expected.Enqueue(work);

    /// <summary>Lets what has hopped run, one after the other.</summary>
    public void Pass()
    {
        while (_expected.TryDequeue(out var work))
        {
            TurnOf(work!).Release();
            if (!_done.Wait(Patience))
            {
                throw new TimeoutException("A cancelled delay was expected to continue on the thread pool, and did not.");
            }
        }
    }

    // The baton flows with the execution context, so a pool thread shows by a change of it when it begins and ends.
    private static void Changed(AsyncLocalValueChangedArgs<Baton?> change)
    {
        if (change is { ThreadContextChanged: true, PreviousValue: null, CurrentValue: { } entered } && entered.IsAway)
        {
            entered.TurnOf(entered.Work()).Wait();
            entered._holder = Environment.CurrentManagedThreadId;
        }
        else if (change is { ThreadContextChanged: true, CurrentValue: null, PreviousValue: { } left } && left.IsAway)
        {
            left._holder = left._home;
            left._done.Release();
        }
    }

    private bool IsAway => Environment.CurrentManagedThreadId != _home;

    private SemaphoreSlim TurnOf(object work)
    {
        lock (_guard)
        {
            return _turns.TryGetValue(work, out var turn) ? turn : _turns[work] = new(0);
        }
    }
}
