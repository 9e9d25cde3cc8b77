namespace Ungroup.Pace;

/// <summary>
/// When a minute turns, where no hint says so. The clock's minute is believed until a call is refused after it has turned. Then one
/// instance, the first of the fleet, calls again and again until a call passes: it has turned since the last one that was refused. The
/// others wait until they hear of it.
/// </summary>
internal sealed partial class Governor
{
    // Near to where the turn was believed to be more exactly than far from it; ECS asks for no more than a call a second of who was refused.
    private static readonly TimeSpan FirstStep = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);

    // Known as well as this, it is not worth a refusal to know it better.
    private static readonly TimeSpan Exactly = TimeSpan.FromSeconds(0.3);

    // A part of a small quota is a call in several seconds, so the first refusal of a minute may come late in a fleet.
    private static readonly TimeSpan FirstCallBy = TimeSpan.FromSeconds(10);

    // What little may still have passed before it turns, where the minute before was not used up.
    private static readonly TimeSpan SoonAfter = TimeSpan.FromSeconds(5);

    // Somebody has used up all there is for longer than a minute: while that goes on, nothing shows when it turns.
    private static readonly TimeSpan InVain = TimeSpan.FromMinutes(5);

    // That a minute turns when it is believed to shows again and again where all of it is used.
    private static readonly TimeSpan SureFor = TimeSpan.FromMinutes(10);

    // What passed in a minute that turned out to begin at quite another instant is not what a minute takes.
    private static readonly TimeSpan SmallMove = TimeSpan.FromSeconds(2.5);

    private const int LooksInVain = 2;
    private const int MostSeekers = 4;
    private const int EnoughCalls = 4;

    private TurnOfMinute _believed = TurnOfMinute.OfTheClock;
    private DateTimeOffset _seeksSince;
    private DateTimeOffset _soughtInVain;
    private DateTimeOffset _moved;
    private DateTimeOffset? _opensEarlier;
    private TimeSpan _step;
    private TimeSpan? _looked;
    private bool _beganAtTurn;
    private bool _minuteIsMixed;
    private int _looksInVain;
    private int _passedAtCut;
    private bool _seeksTurn;

    /// <summary>The first of those who have work; alone, it is this instance.</summary>
    private bool IsSeeker => _fleet.Rank == 0;

    /// <summary>
    /// Whether another instance's closing is to be believed. It has waited for the minute to turn when we know that it does not, or we
    /// are about to find that out.
    /// </summary>
    public bool Believes(DateTimeOffset closedUntil, DateTimeOffset now)
    {
        lock (_sync)
        {
            Advance(now);
            return closedUntil - now > Minute
                || (!_seeksTurn && (!_believed.WasFound || _believed.IsBetween(closedUntil - LongestStep, closedUntil + FirstStep)));
        }
    }

    /// <summary>Once: a gate that was closed until the minute was believed to turn may open at another instant.</summary>
    public DateTimeOffset? TakeEarlierOpening()
    {
        lock (_sync)
        {
            (var opens, _opensEarlier) = (_opensEarlier, null);
            return opens;
        }
    }

    /// <summary>Null where what is known of the turn is no reason to go slower than what is known of the quota.</summary>
    private PaceLimit? LimitBeforeTurn(double position)
    {
        var within = _believed.Within.TotalSeconds;
        if (_seeksTurn)
        {
            return PaceLimit.OneAfterTheOther(1, position + 1);
        }

        if (position >= within)
        {
            return null;
        }

        return LooksForTurn && position >= within / 2
            ? PaceLimit.OneAfterTheOther(1, within)
            : PaceLimit.Silent(LooksForTurn ? within / 2 : within);
    }

    /// <summary>Where the seeker calls as soon as it has turned, it shows at once whether it has; of a small quota that would be too many calls.</summary>
    private bool ShowsTurnAtOnce(DateTimeOffset now) => IsSeeker && !IsSure(now) && double.IsInfinity(_told) && _tally.PassedBefore >= EnoughCalls;

    private bool IsSure(DateTimeOffset now) => now - _believed.From < SureFor;

    /// <summary>It was used before this minute began, it is the minute's first call, and it was refused: it has not turned yet.</summary>
    private bool HasNotTurned(in PaceView view, DateTimeOffset now)
    {
        if (_seeksTurn && now - _seeksSince > Minute + LongestStep)
        {
            (_seeksTurn, _soughtInVain) = (false, now);
        }

        var isSoon = _tally.Passed == 0
            ? view.Position < FirstCallBy.TotalSeconds
            : view.Position < SoonAfter.TotalSeconds && view.FleetPassed < 0.1 * _quota.PerMinute;
        return _seeksTurn || (isSoon
            && (_tally.PassedBefore > 0 || _cutBefore > _turn - Minute)
            && _moved < _turn
            && now - _soughtInVain > InVain);
    }

    /// <summary>
    /// A window was used up before that was to be expected, and that it turns when it is believed to has never shown: that may be why. A
    /// call that passes before it is believed to turn says so.
    /// </summary>
    private bool MayHaveTurned(in PaceView view, DateTimeOffset now)
    {
        var looksForEdge = view.Position >= WindowPlan.RampFrom && (view.IsScout || _fleet.Rank < MostSeekers);
        var may = (looksForEdge || (IsSeeker && _quota is { Shape: QuotaShape.Window, Basis: not QuotaBasis.Nothing }))
            && !_doubtsShape
            && double.IsInfinity(_told)
            && !IsSure(now)
            && _moved < _turn;
        if (may)
        {
            _step = LongestStep;
            BeginToSeek(atTurn: false, now);
        }

        return may;
    }

    /// <summary>
    /// More passed than is known and the edge was not found, twice, and that it is where it is looked for has never shown: it turns before it
    /// is believed to. Whoever looks for all there is finds that, too.
    /// </summary>
    private bool EdgeIsElsewhere(int passed)
    {
        _looksInVain += _quota.IsMeasured && passed >= _quota.PerMinute + 3 && !IsSure(_turn) ? 1 : 0;
        return _looksInVain >= LooksInVain;
    }

    private void BeginToSeek(bool atTurn, DateTimeOffset now)
    {
        (_seeksSince, _beganAtTurn) = _seeksTurn ? (_seeksSince, _beganAtTurn) : (now, atTurn);
        _seeksTurn = true;
    }

    /// <returns>When to call again.</returns>
    private DateTimeOffset AwaitTurn(DateTimeOffset now)
    {
        if (_pair is { } pair)
        {
            // Calls passed soon after a refusal, and now they do not: it turned then.
            BelieveWindow(pair, now);
            return NextTurn;
        }

        if (!IsSeeker)
        {
            // Whose clock is ahead by a little should not wait for a minute.
            return _cutBefore < _turn ? now + LongestStep : NextTurn;
        }

        _step = _seeksTurn ? Shorter(2 * _step, LongestStep) : FirstStep;
        BeginToSeek(atTurn: true, now);
        var latest = _turn + _believed.Within;
        return latest > now ? Earlier(latest, now + _step) : now + _step;
    }

    /// <summary>A call passed: if the last one was refused, it has turned since.</summary>
    private void LearnTurn(DateTimeOffset now)
    {
        if (_seeksTurn)
        {
            _seeksTurn = false;
            if (_quota.Shape == QuotaShape.Bucket)
            {
                return;
            }

            if (_refusedSentAt < _turn)
            {
                _soughtInVain = _beganAtTurn ? now : _soughtInVain;
                Believe(_believed with { From = _turn }, now);
            }
            else
            {
                // Too late is worse than too early, which is refused in the next minute.
                Believe(new(_refusedSentAt, Shorter(now - _refusedSentAt, LongestStep + FirstStep)), now);
            }
        }
        else if (now < _turn + _believed.Within)
        {
            // That says something where the last minute was used up, of which a fleet hears later.
            _looked ??= now - _turn;
            NarrowTurn(_tally.TouchedBefore);
        }
        else if (_refusedSentAt < _turn && _refusedSentAt > _turn - LongestStep && now < _turn + FirstCallBy && now - _believed.From > SureFor / 2)
        {
            // Used up just before it was believed to turn, and not used up after that.
            Believe(_believed with { From = _turn }, now);
        }
    }

    private void NarrowTurn(bool wasUsedUp)
    {
        if (wasUsedUp && _looked < _believed.Within)
        {
            Believe(new(_turn, _looked.Value), _turn + _looked.Value);
        }
    }

    /// <summary>When the first call of the next minute may be made here.</summary>
    private DateTimeOffset NextTurn => _turn + Minute + (LooksForTurn ? _believed.Within / 2 : _believed.Within);

    /// <summary>One call in the middle of what is not known says in which half it turns.</summary>
    private bool LooksForTurn => IsSeeker && _believed.Within > Exactly;

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

    private void Move(TurnOfMinute found, DateTimeOffset now)
    {
        var start = found.StartOf(now);
        var passedBefore = _cut > _turn && start > _turn && _cut <= start + found.Within ? _passedAtCut : 0;
        (_believed, HasNews) = (found, true);
        _minuteIsOpen &= (start - _turn).Duration() < SmallMove;
        _turn = start;
        _tally.Shift(start, passedBefore);
    }

    private void BelieveHint(DateTimeOffset start, DateTimeOffset now)
    {
        if ((start - _turn).Duration() > FirstStep || _believed.Within > TimeSpan.Zero)
        {
            Move(new(start, TimeSpan.Zero), now);
        }
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

        // Who was refused waits for the first turn after that, and not for one that was believed in.
        var opens = (_cut < _turn + found.Within ? _turn : _turn + Minute) + found.Within;
        if (Opens > opens && Opens - now <= Minute)
        {
            (_closedUntil, _gateOpens, _opensEarlier) = (Earlier(_closedUntil, opens), Earlier(_gateOpens, opens), opens);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
