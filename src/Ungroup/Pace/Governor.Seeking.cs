namespace Ungroup.Pace;

/// <summary>
/// How it is found out when a minute turns, where no hint says so. The clock's minute is believed until a call is refused after it has
/// turned. Then one instance, the first of the fleet, calls again and again until a call passes: it has turned since the last one that
/// was refused. The others wait until they hear of it.
/// </summary>
internal sealed partial class Governor
{
    // More often near to where it was believed to turn than far from there; ECS asks for no more than a call a second of who was refused.
    private static readonly TimeSpan FirstStep = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);

    // A part of a small quota is a call in several seconds, so the first refusal of a minute may come late in a fleet. Two calls that are
    // farther apart say little of when it turned.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    // What little may still have passed before it turns, where the minute before was not used up.
    private static readonly TimeSpan VerySoon = TimeSpan.FromSeconds(5);
    private const double Little = 0.1;

    // Somebody has used up all there is for longer than a minute: while that goes on, nothing shows when it turns.
    private static readonly TimeSpan InVain = TimeSpan.FromMinutes(5);

    // Others vary: once the edge may not be found although it is there.
    private const int LooksInVain = 2;

    // In the last seconds it is left to those who happen to be refused, but not to all of a large fleet.
    private const int MostSeekers = 4;

    // Of a small quota a call as soon as it turns would be too many.
    private const int EnoughCalls = 4;

    private DateTimeOffset _seeksSince;
    private DateTimeOffset _soughtInVain;
    private TimeSpan _step;
    private bool _seeksTurn;
    private bool _beganAtTurn;
    private bool _mayBeUsedUp;
    private int _looksInVain;
    private TurnOfMinute? _unlikely;

    /// <summary>The first of those who have work; alone, it is this instance.</summary>
    private bool IsSeeker => _fleet.Rank == 0;

    /// <summary>Where the seeker calls as soon as it has turned, it shows at once whether it has.</summary>
    private bool ShowsTurnAtOnce(DateTimeOffset now) => IsSeeker && !IsSure(now) && double.IsInfinity(_told) && _tally.PassedBefore >= EnoughCalls;

    /// <summary>Whether the last minute, as it was believed, may have been used up: who is alone knows that, and in a fleet others may have done it.</summary>
    private bool MayBeUsedUp => _fleet.Sharing == 1
        ? _tally.TouchedBefore || _closedUntil > _turn - FirstStep
        : _tally.PassedBefore > 0 || _cut > _turn - Minute;

    /// <summary>It was used up before this minute began, as good as nothing has passed in it, and a call was refused: it has not turned yet.</summary>
    private bool HasNotTurned(in PaceView view, DateTimeOffset now)
    {
        if (_seeksTurn && now - _seeksSince > Minute + LongestStep)
        {
            (_seeksTurn, _soughtInVain) = (false, now);
        }

        var isSoon = _tally.Passed == 0
            ? view.Position < Soon.TotalSeconds
            : view.Position < VerySoon.TotalSeconds && view.FleetPassed < Little * _quota.PerMinute;
        return _seeksTurn || (isSoon
            && _mayBeUsedUp
            && _moved < _turn
            && now - _soughtInVain > InVain);
    }

    /// <summary>
    /// A window was used up before that was to be expected, and that it turns when it is believed to has not shown lately: that may be why.
    /// A call that passes before it is believed to turn says so.
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
            BeginToSeek(LongestStep, atTurn: false, now);
        }

        return may;
    }

    /// <summary>
    /// More passed than is known and the edge was not found, twice, and that it is where it is looked for has not shown lately: it turns
    /// before it is believed to. Whoever looks for all there is finds that, too.
    /// </summary>
    private bool EdgeIsElsewhere(int passed)
    {
        _looksInVain += _quota.IsMeasured && passed >= _quota.PerMinute + 3 && !IsSure(_turn) ? 1 : 0;
        var isElsewhere = _looksInVain >= LooksInVain;
        _looksInVain = isElsewhere ? 0 : _looksInVain;
        return isElsewhere;
    }

    private void BeginToSeek(TimeSpan step, bool atTurn, DateTimeOffset now)
    {
        (_seeksSince, _beganAtTurn) = _seeksTurn ? (_seeksSince, _beganAtTurn) : (now, atTurn);
        (_seeksTurn, _step) = (true, step);
    }

    /// <returns>When to call again.</returns>
    private DateTimeOffset AwaitTurn(DateTimeOffset now)
    {
        if (PairOf(now) is { } pair)
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

        BeginToSeek(_seeksTurn ? Shorter(2 * _step, LongestStep) : FirstStep, atTurn: true, now);
        var latest = _turn + _believed.Within;
        return latest > now ? Earlier(latest, now + _step) : now + _step;
    }

    /// <summary>A call passed: if the last one was refused, it has turned since.</summary>
    private void LearnTurn(DateTimeOffset now)
    {
        var sought = _seeksTurn && _quota.Shape != QuotaShape.Bucket && now - _refusedSentAt < Soon;
        if (_seeksTurn)
        {
            _seeksTurn = false;
        }
        else if (now < _turn + _believed.Within)
        {
            // Whether the last minute was used up a fleet hears later.
            _looked ??= now - _turn;
            NarrowTurn(_tally.TouchedBefore);
        }

        var wasRefusedBefore = _refusedSentAt < _turn && _refusedSentAt > _turn - LongestStep - FirstStep;
        if (sought && _refusedSentAt >= _turn)
        {
            Find(new(_refusedSentAt, now - _refusedSentAt), now);
        }
        else if (wasRefusedBefore && now < _turn + Soon && (sought || now - _believed.From > SureFor / 2))
        {
            // Used up just before it was believed to turn, and not used up after that.
            _soughtInVain = sought && _beganAtTurn ? now : _soughtInVain;
            Believe(_believed with { From = _turn }, now);
        }
    }

    /// <summary>ECS refuses for other reasons, too: where it was sure when a minute turns, it is elsewhere only once that has shown twice.</summary>
    private void Find(TurnOfMinute found, DateTimeOffset now)
    {
        var isAgain = _unlikely is { } before && (now - before.From).Duration() < 3 * Minute && before.IsBetween(found.From, now);
        if (IsSure(now) && !isAgain && !_believed.IsBetween(found.From, now))
        {
            _unlikely = found;
            return;
        }

        _unlikely = null;
        Believe(found, now);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
