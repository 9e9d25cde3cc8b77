using Ungroup.Messages;

namespace Ungroup.Pace;

/// <summary>What a governor shows of itself, to whoever receives messages and to people.</summary>
internal sealed partial class Governor
{
    private const int LooksAhead = 8;
    private const double TurnsLetGo = 3;

    private long _refusedCalls;
    private DateTimeOffset _gateOpens;
    private DateTimeOffset _receivedByRoom;
    private DateTimeOffset _waitsUntil;

    /// <summary>How often ECS refused a call because the quota was used up, by whomever, expected or not.</summary>
    public long RefusedCalls => Interlocked.Read(ref _refusedCalls);

    /// <summary>
    /// A quota that is used up is used again a little later than it comes back, so that not everybody comes at once; or another instance has
    /// closed it. Until then nothing has a turn here.
    /// </summary>
    public void OpensAt(DateTimeOffset gateOpens)
    {
        lock (_sync)
        {
            _gateOpens = Later(_gateOpens, gateOpens);
        }

        _inUse?.Note(this);
    }

    public void CountRefused() => Interlocked.Increment(ref _refusedCalls);

    /// <summary>How many messages are of use in hand: those whose calls are under way, and those that will have a turn within a while.</summary>
    /// <param name="hold">How long a message may wait in hand.</param>
    /// <param name="withIncidents">Whether they may be incidents.</param>
    /// <param name="isOnly">Whether the room is this quota's alone; else messages of others have it, too.</param>
    /// <param name="now">This instant.</param>
    public int HoldsWithin(TimeSpan hold, bool withIncidents, bool isOnly, DateTimeOffset now)
    {
        lock (_sync)
        {
            _receivedByRoom = isOnly ? now : _receivedByRoom;
            var room = Room(withIncidents ? Origin.Incident : Origin.Upstream, hold, now);
            return (int)Math.Min((long)room + _inFlight, int.MaxValue);
        }
    }

    /// <summary>How many incidents may be called at once, whatever else waits.</summary>
    public double Reserved(DateTimeOffset now)
    {
        lock (_sync)
        {
            return Opens > now ? 0 : _incidents.LeftAt(ReservedPerSecond, now);
        }
    }

    /// <summary>How many calls there will be turns for within a while; who holds more messages than that holds them in vain.</summary>
    public int Room(Origin origin, TimeSpan hold, DateTimeOffset now)
    {
        lock (_sync)
        {
            Advance(now);
            var room = RoomOf(origin, hold, now);

            // Who is held back has work, for all that is known, until it has let a few turns go by.
            _heldBack = room == 0 && (now - _lastAsked < 2 * Minute || (now - _lastAsked).TotalSeconds * SustainedPerSecond < TurnsLetGo) ? now : _heldBack;
            return room;
        }
    }

    private DateTimeOffset Opens => Later(_closedUntil, _gateOpens);

    private int RoomOf(Origin origin, TimeSpan hold, DateTimeOffset now)
    {
        if (Opens >= now + hold)
        {
            return 0;
        }

        var limit = LimitAt(now);
        if (double.IsInfinity(limit.PerSecond))
        {
            return limit.AtOnce;
        }

        // Rounded down: of a slow quota a message is taken shortly before its turn, and not one whose turn is too far away to wait for.
        var turns = _turns.LeftAt(limit.PerSecond, now) + Coming(Later(now, Opens), now + hold);
        return (int)Math.Min(turns + (origin == Origin.Incident ? _incidents.LeftAt(ReservedPerSecond, now) : 0), int.MaxValue);
    }

    /// <summary>The turns there will be between two instants, if nothing else is learned.</summary>
    private double Coming(DateTimeOffset from, DateTimeOffset to)
    {
        var (step, coming) = ((to - from) / LooksAhead, 0.0);
        for (var look = 0; look < LooksAhead; look++)
        {
            var at = from + (look * step);
            var speed = at < _turn + Minute ? LimitAt(at, (int)coming).PerSecond : SustainedPerSecond;
            coming += step.TotalSeconds * (double.IsInfinity(speed) ? SustainedPerSecond : speed);
        }

        return coming;
    }

    /// <summary>Whether it was used lately, or would have been: while it is closed, by whomever, or has no turn nobody asks it, however long that takes.</summary>
    public bool IsUsed(TimeSpan lately, DateTimeOffset now)
    {
        lock (_sync)
        {
            return Opens > now || (_lastAsked != default && now - Later(_lastAsked, _heldBack) < lately);
        }
    }

    /// <summary>Whether nobody has asked since then, no call is under way, and nothing is known that would have to be learned anew.</summary>
    public bool IsIdleSince(DateTimeOffset then, DateTimeOffset now)
    {
        lock (_sync)
        {
            Advance(now);
            return Later(_lastAsked, _started) < then
                && _inFlight == 0
                && Opens <= now
                && RefusedCalls == 0
                && _quota.Version == 0;
        }
    }

    /// <summary>Null where it was never asked.</summary>
    public PaceLook? Look(DateTimeOffset now)
    {
        lock (_sync)
        {
            if (_lastAsked == default)
            {
                return null;
            }

            Advance(now);
            return new(Key, _quota, SustainedPerSecond, _fleet.Sharing, _waitsUntil, _closedUntil);
        }
    }
}

/// <summary>What is known of a quota, and what this instance makes of it.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Quota">What the fleet has learned.</param>
/// <param name="PerSecond">Calls a second this instance may make over a while.</param>
/// <param name="Sharing">How many instances use it now.</param>
/// <param name="WaitsUntil">Until when a call last had to wait for its turn.</param>
/// <param name="ClosedUntil">Until when ECS refuses, or has refused.</param>
internal sealed record PaceLook(QuotaKey Key, QuotaKnowledge Quota, double PerSecond, int Sharing, DateTimeOffset WaitsUntil, DateTimeOffset ClosedUntil);
