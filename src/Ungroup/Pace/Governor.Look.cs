namespace Ungroup.Pace;

/// <summary>What a governor shows of itself, to whoever receives messages and to people.</summary>
internal sealed partial class Governor
{
    private long _refusedCalls;
    private DateTimeOffset _waitsUntil;

    /// <summary>How often ECS refused a call because the quota was used up, by whomever, expected or not.</summary>
    public long RefusedCalls => Interlocked.Read(ref _refusedCalls);

    public void CountRefused() => Interlocked.Increment(ref _refusedCalls);

    /// <summary>How many messages are of use in hand: those whose calls are under way, and those that will have a turn within a while.</summary>
    public int HoldsWithin(TimeSpan hold, bool withIncidents, DateTimeOffset now)
    {
        lock (_sync)
        {
            var room = Room(withIncidents ? Requests.Origin.Incident : Requests.Origin.Upstream, hold, now);
            return (int)Math.Min((long)room + _inFlight, int.MaxValue);
        }
    }

    /// <summary>Whether it was used lately, or is closed: then nobody asks it, however long that takes.</summary>
    public bool IsUsed(TimeSpan lately, DateTimeOffset now)
    {
        lock (_sync)
        {
            return _lastAsked != default && (now - _lastAsked < lately || _closedUntil > now);
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
internal sealed record PaceLook(GateKey Key, QuotaKnowledge Quota, double PerSecond, int Sharing, DateTimeOffset WaitsUntil, DateTimeOffset ClosedUntil);
