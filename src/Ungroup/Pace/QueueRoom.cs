using Ungroup.Messages;

namespace Ungroup.Pace;

/// <summary>What of the room belongs to one queue. Its host says what it takes in hand, and what it sees of it.</summary>
public sealed class QueueRoom
{
    // Until a message has shown how long its lock lasts.
    private static readonly TimeSpan UsualLock = TimeSpan.FromSeconds(30);

    private readonly ReceiveRoom _room;
    private readonly int _atMost;
    private TimeSpan _lock = UsualLock;
    private volatile bool _incidents;
    private int _held;

    internal QueueRoom(ReceiveRoom room, int atMost, bool incidents) => (_room, _atMost, _incidents) = (room, atMost, incidents);

    /// <summary>How many messages of this queue may be held now, those included that are. Incidents also have the reserve.</summary>
    public int MayHold
    {
        get
        {
            var held = Volatile.Read(ref _held);
            var (all, reserved) = _room.Within(_room.HoldOf(_lock), _incidents);
            var room = all - Math.Max(0, _room.Held - held);

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
        _room.Hold(more);
    }
}
