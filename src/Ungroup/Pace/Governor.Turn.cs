namespace Ungroup.Pace;

/// <summary>
/// When a minute turns, as it is believed here. It is known to some tenths of a second or some seconds: a minute counts from when it may
/// begin, so that its end is never taken for later than it is, and is called in from when it must have begun.
/// </summary>
internal sealed partial class Governor
{
    // Known as well as this, it is not worth a refusal to know it better.
    private static readonly TimeSpan Exactly = TimeSpan.FromSeconds(0.3);

    // That a minute turns when it is believed to shows again and again where all of it is used.
    private static readonly TimeSpan SureFor = TimeSpan.FromMinutes(10);

    // What passed in a minute that turned out to begin at quite another instant is not what a minute takes.
    private static readonly TimeSpan SmallMove = TimeSpan.FromSeconds(2.5);

    // Of the quota: what is not heard of in time is less than the other half of it.
    private const double Light = 0.5;

    // Who waits for longer than until the next turn does so because of a hint.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(WindowPlan.Length + 10);

    private TurnOfMinute _believed = TurnOfMinute.OfTheClock;
    private DateTimeOffset _moved;
    private DateTimeOffset _hintedUntil;
    private DateTimeOffset? _opensEarlier;
    private TimeSpan? _looked;
    private bool _minuteIsMixed;
    private bool _lastWasLight;
    private int _passedAtCut;

    /// <summary>
    /// Whether another instance's closing is to be believed. It has waited for the minute to turn when we know that it does not, or we
    /// are about to find that out.
    /// </summary>
    public bool Believes(DateTimeOffset closedUntil, DateTimeOffset now)
    {
        lock (_sync)
        {
            Advance(now);
            return closedUntil - now > LongestWait
                || (!_seeksTurn && (!_believed.WasFound || _believed.IsBetween(closedUntil - LongestStep, closedUntil + FirstStep)));
        }
    }

    /// <summary>Once: when a quota may be used that was closed until the minute was believed to turn.</summary>
    public DateTimeOffset? TakeEarlierOpening()
    {
        lock (_sync)
        {
            (var opens, _opensEarlier) = (_opensEarlier, null);
            return opens;
        }
    }

    /// <summary>When the first call of the next minute may be made here.</summary>
    private DateTimeOffset NextTurn => _turn + Minute + (LooksForTurn ? _believed.Within / 2 : _believed.Within);

    /// <summary>One call in the middle of what is not known says in which half it turns.</summary>
    private bool LooksForTurn => IsSeeker && _believed.Within > Exactly;

    private bool IsSure(DateTimeOffset now) => now - _believed.From < SureFor;

    /// <summary>Null where what is known of the turn is no reason to go slower than what is known of the quota.</summary>
    private PaceLimit? LimitBeforeTurn(double position)
    {
        var within = _believed.Within.TotalSeconds;
        if (_seeksTurn)
        {
            return PaceLimit.OneAfterTheOther(1, position + 1);
        }

        // Where the minute before was far from used up there is room in either.
        if (position >= within || _lastWasLight)
        {
            return null;
        }

        return LooksForTurn && position >= within / 2
            ? PaceLimit.OneAfterTheOther(1, within)
            : PaceLimit.Silent(LooksForTurn ? within / 2 : within);
    }

    private bool IsLight(in PaceView view) =>
        _quota.IsMeasured && !_tally.Touched && _closedUntil < _turn && view.FleetPassed < Light * _quota.PerMinute;

    /// <summary>A call passed before the minute must have turned: it has turned by then, if the minute before was used up.</summary>
    private void NarrowTurn(bool wasUsedUp)
    {
        if (wasUsedUp && _looked < _believed.Within)
        {
            Believe(new(_turn, _looked.Value), _turn + _looked.Value);
        }
    }

    private void Believe(TurnOfMinute found, DateTimeOffset now)
    {
        var isSmall = (found.StartOf(now) - _turn).Duration() < SmallMove;
        _moved = found.StartOf(now) == _turn ? _moved : now;
        _minuteIsMixed |= !isSmall && _cut > found.StartOf(now) + found.Within;
        Move(found, now);
        if (_quota.IsMeasured && double.IsInfinity(_told) && !isSmall)
        {
            // It was measured between instants at which nothing turned.
            Learn(_quota.Next(QuotaBasis.AtMost, _quota.PerMinute));
        }
    }

    private void BelieveHint(DateTimeOffset start, DateTimeOffset now)
    {
        _seeksTurn = false;
        if ((start - _turn).Duration() > FirstStep || _believed.Within > TimeSpan.Zero)
        {
            Move(new(start, TimeSpan.Zero), now);
        }
    }

    private void Move(TurnOfMinute found, DateTimeOffset now)
    {
        // What passed before a refusal that came before it turned is not of this minute.
        var start = found.StartOf(now);
        var passedBefore = _cut > _turn && start > _turn && _cut <= start + found.Within ? _passedAtCut : 0;
        (_believed, HasNews, _lastWasLight) = (found, true, false);
        _minuteIsOpen &= (start - _turn).Duration() < SmallMove;
        _turn = start;
        _tally.Shift(start, passedBefore);
    }

    /// <summary>Somebody has found out later than we have.</summary>
    private void HearOfTurn(TurnOfMinute? found, DateTimeOffset now)
    {
        if (found is null || !found.IsNewerThan(_believed))
        {
            return;
        }

        _seeksTurn = false;
        Believe(found, now);

        // Who was refused waits for the first turn after that, and not for one that was believed in; but for what ECS has said, in any case.
        var opens = Later(_hintedUntil, (_cut < _turn + found.Within ? _turn : _turn + Minute) + found.Within);
        if (Opens > opens && Opens - now <= LongestWait)
        {
            (_closedUntil, _gateOpens, _opensEarlier) = (Earlier(_closedUntil, opens), Earlier(_gateOpens, opens), opens);
        }
    }
}
