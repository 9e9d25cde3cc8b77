using Ungroup.Messages;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas;

/// <summary>What of the budget belongs to one queue. Its host says what it takes in hand, and what it sees of it.</summary>
internal sealed class QueueBudget
{
    // Until a message has shown how long its lock lasts.
    private static readonly TimeSpan UsualLock = TimeSpan.FromSeconds(30);

    private readonly ReceiveBudget _budget;
    private readonly int _atMost;
    private TimeSpan _lock = UsualLock;
    private volatile bool _incidents;
    private int _held;

    internal QueueBudget(ReceiveBudget budget, int atMost, bool incidents) => (_budget, _atMost, _incidents) = (budget, atMost, incidents);

    /// <summary>How many messages of this queue may be held now, those included that are. Incidents also have the reserve.</summary>
    public int MayHold
    {
        get
        {
            var held = Volatile.Read(ref _held);
            var (all, reserved) = _budget.Within(_budget.HoldOf(_lock), _incidents);
            var room = all - Math.Max(0, _budget.Held - held);

            // Nothing that waits in hand for its turn stands in the way of an incident, which need not wait for its own.
            return (int)Math.Clamp(_incidents ? Math.Max(room, held + reserved) : room, 0, _atMost);
        }
    }

    public void Began() => Hold(1);

    public void Ended() => Hold(-1);

    /// <param name="lockLasts">What was left of a lock when its message came; not to be believed where clocks are apart.</param>
    public void Came(TimeSpan lockLasts) => _lock = lockLasts > TimeSpan.Zero ? lockLasts : _lock;

    /// <param name="origin">Whose the last request was; null where the message was none.</param>
    public void Handled(Origin? origin) => _incidents = origin is null ? _incidents : origin == Origin.Incident;

    private void Hold(int more)
    {
        Interlocked.Add(ref _held, more);
        _budget.Hold(more);
    }
}
