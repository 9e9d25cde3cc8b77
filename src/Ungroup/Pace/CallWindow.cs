namespace Ungroup.Pace;

/// <summary>
/// How many calls this process makes in a minute, and the most that one minute has taken so far. Not safe for several
/// threads: its gate's lock is around it.
/// </summary>
internal sealed class CallWindow
{
    private long _minute;
    private int _calls;
    private int _most;

    public void Count(DateTimeOffset now)
    {
        Turn(now);
        _calls++;
    }

    /// <summary>
    /// A call was refused. True when a minute has taken more of our calls before, so that the quota went to somebody else;
    /// what one minute is believed to take is then halved, so that a quota which has shrunk for good is soon known.
    /// </summary>
    public bool Refuse(DateTimeOffset now)
    {
        Turn(now);
        var taken = Math.Max(_calls - 1, 0);
        var byOthers = taken < _most;
        _most = byOthers ? Math.Max(taken, _most / 2) : taken;
        _calls = 0;
        return byOthers;
    }

    private void Turn(DateTimeOffset now)
    {
        var minute = now.UtcTicks / TimeSpan.TicksPerMinute;
        if (minute != _minute)
        {
            (_minute, _most, _calls) = (minute, Math.Max(_most, _calls), 0);
        }
    }
}
