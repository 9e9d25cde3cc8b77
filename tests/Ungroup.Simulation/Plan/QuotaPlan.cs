using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Plan;

/// <summary>The quota of every API, account and region of a seed that has a backlog, and how ECS tells of it.</summary>
internal sealed class QuotaPlan
{
    private readonly int _first;
    private readonly int _then;
    private readonly DateTimeOffset _stepsAt;
    private readonly TimeSpan _offset;
    private readonly Hints _hints;

    private QuotaPlan(Chance chance)
    {
        IsBucket = chance.Hits(0.4);
        _first = chance.Between(30, 120);
        _then = chance.Hits(0.3) ? (int)(_first * chance.Pick(0.5, 2)) : _first;
        _stepsAt = Schedule.Start + chance.Seconds(120, 300);
        _offset = chance.Hits(0.5) ? TimeSpan.Zero : chance.Seconds(0, 60);
        _hints = chance.Pick(Hints.None, Hints.None, Hints.Right, Hints.Right, Hints.TooShort, Hints.TooLong);
        Others = chance.Pick(0, 0, 0.2);
        Burst = Math.Max(2, _first * chance.Pick(1 / 60.0, 0.1, 0.25));
    }

    private enum Hints
    {
        None,
        Right,
        TooShort,
        TooLong,
    }

    public bool IsBucket { get; }

    public double Burst { get; }

    /// <summary>It comes back bit by bit, or says so.</summary>
    public bool IsTakenForBucket => IsBucket || _hints == Hints.TooShort;

    public bool TurnsWithTheClock => _offset == TimeSpan.Zero;

    /// <summary>The share of it that somebody else of the same account uses.</summary>
    public double Others { get; }

    public static QuotaPlan Of(Chance chance) => new(chance);

    /// <summary>Calls a minute.</summary>
    public int LimitAt(DateTimeOffset now) => now < _stepsAt ? _first : _then;

    /// <summary>When the quota changed last, or was there first.</summary>
    public DateTimeOffset ChangedAt(DateTimeOffset now) => now < _stepsAt || _then == _first ? Schedule.Start : _stepsAt;

    public long MinuteOf(DateTimeOffset now) => (now - _offset).Ticks / TimeSpan.TicksPerMinute;

    public DateTimeOffset StartOf(long minute) => new DateTimeOffset(minute * TimeSpan.TicksPerMinute, TimeSpan.Zero) + _offset;

    /// <summary>How a refusal says when to come back.</summary>
    public TimeSpan? Hint(TimeSpan wait) => _hints switch
    {
        Hints.Right => TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)),
        Hints.TooShort => TimeSpan.FromMilliseconds(50),
        Hints.TooLong => wait + TimeSpan.FromSeconds(15),
        _ => null,
    };

    public override string ToString() =>
        $"{(IsBucket ? $"a bucket of {Burst:N0}, filled with" : $"a window that turns at {_offset.TotalSeconds:N0} s, of")} {_first} a minute"
        + $"{(_then == _first ? "" : $", {_then} from {_stepsAt - Schedule.Start:c}")}, {Others:P0} used by others, hints {_hints}";
}
