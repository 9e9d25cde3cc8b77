namespace Ungroup.Pace;

/// <summary>What a governor makes of answers, of minutes that end, and of what other instances say.</summary>
internal sealed partial class Governor
{
    private static readonly TimeSpan AfterAlarm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LastReports = TimeSpan.FromSeconds(3);

    // A thread may be held up between its look at the clock and here, while another one has seen the minute turn.
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    // A part of them makes one call a second, as ECS asks of who was refused.
    private const double FewestCalls = 200;

    // Until it is measured by how much others' use differs; calls that come at random differ by the root of their number.
    private const double FirstDeviation = 0.01;
    private const double TouchWeight = 0.4;
    private const double LowTouchWeight = 0.7;

    private DateTimeOffset _cut;
    private DateTimeOffset _cutBefore;
    private DateTimeOffset _refusedSentAt;
    private double _passedSinceStart;
    private double _speedAtCut;
    private int _refusalsInARow;
    private bool _minuteIsOpen;

    /// <summary>A call was refused. Several that were under way together are one refusal.</summary>
    /// <param name="sentAt">When it was sent.</param>
    /// <param name="hint">When to come back, as ECS says.</param>
    /// <param name="now">This instant.</param>
    public PaceRefusal Refused(DateTimeOffset sentAt, TimeSpan? hint, DateTimeOffset now)
    {
        lock (_sync)
        {
            Advance(now);
            _inFlight--;
            _hintedUntil = hint is { } said ? Later(_hintedUntil, now + said) : _hintedUntil;

            // What was heard before this refusal says nothing of when the quota comes back.
            _opensEarlier = null;
            if (sentAt <= _cut)
            {
                // It was under way when that was learned which closed the quota, and makes it neither longer nor shorter.
                _closedUntil = Later(_closedUntil, now + (hint ?? TimeSpan.Zero));
                return new(_closedUntil, IsUnexpected: false, ByOthers: false);
            }

            var view = ViewAt(now, isExact: true);
            _speedAtCut = LimitAt(now).PerSecond;
            (_cutBefore, _cut, _refusedSentAt, _passedAtCut) = (_cut, now, sentAt, _tally.Passed);
            _refusedSince = _refusalsInARow++ == 0 ? now : _refusedSince;
            TellShape(hint, now);
            var until = _quota.Shape == QuotaShape.Bucket ? RefusedByBucket(view, now) : RefusedByWindow(view, hint, now);
            _closedUntil = hint is { } wait && now + wait > until.Until ? now + wait : until.Until;
            return until with { Until = _closedUntil };
        }
    }

    private PaceRefusal RefusedByWindow(in PaceView view, TimeSpan? hint, DateTimeOffset now)
    {
        if (hint is null && HasNotTurned(view, now))
        {
            return new(AwaitTurn(now), IsUnexpected: false, ByOthers: false);
        }

        var isExpected = _quota.IsMeasured
            ? view.Touches && view.Position >= WindowPlan.ReserveFrom
            : _quota.Basis != QuotaBasis.Nothing ? view.Position >= WindowPlan.RampFrom : true;

        // Where it has shrunk in this minute, what has passed is of two quotas, and measures neither.
        _tally.Touched |= isExpected && !(_alarm >= _turn);
        var byOthers = !isExpected && _moved < _turn && Alarm(view, now);

        // The second one comes later than the first: others who had not been refused yet may have taken what had come back.
        var pause = Canary * _refusalsInARow;
        if (hint is null && _quota.Shape == QuotaShape.Unknown && WindowPlan.Length - view.Position > 2 * pause.TotalSeconds)
        {
            (_canary, _paused) = (now, _paused + pause);
            return new(now + pause, !isExpected, byOthers);
        }

        var until = hint is null && !(_quota.IsMeasured && isExpected && view.Position >= WindowPlan.ScoutFrom) && MayHaveTurned(view, now) ? now + LongestStep : NextTurn;
        return new(until, !isExpected, byOthers);
    }

    /// <summary>Refused below our own budget: somebody else has used it, or there is less of it now. Returns whether it was so.</summary>
    private bool Alarm(in PaceView view, DateTimeOffset now)
    {
        var isBelow = _quota.Basis is QuotaBasis.Measured or QuotaBasis.AtLeast && view.FleetPassed < 0.9 * _quota.PerMinute;
        if (_quota.Basis != QuotaBasis.Nothing)
        {
            Learn(_quota.Next(QuotaBasis.AtMost, IsLessThanCautious ? WindowPlan.CautiousFor(view.FleetPassed * (1 - _options.Reserve)) : AtMost(view)));
        }

        RefusedByOthers += isBelow ? 1 : 0;
        _alarm = isBelow ? now : _alarm;
        return isBelow;
    }

    /// <summary>How much less is not known: from a part of it on, the end of the next minute shows.</summary>
    private double AtMost(in PaceView view)
    {
        var most = (_quota.Basis == QuotaBasis.AtMost ? 0.25 : 0.4) * _quota.PerMinute;
        return Math.Max(FewestCalls, Math.Min(_quota.PerMinute, Math.Max(view.FleetPassed, most)));
    }

    /// <summary>
    /// Even what is used where nobody knows how little there is was more than there is, from the turn of this minute on. Used up that
    /// early again and again it would be closed for most of every minute, and its end would never show.
    /// </summary>
    private bool IsLessThanCautious =>
        _quota is { Basis: QuotaBasis.AtMost, Shape: not QuotaShape.Bucket } && _cutBefore < _turn && _started < _turn;

    /// <summary>How often a call was refused although the fleet had used less than its quota.</summary>
    public long RefusedByOthers { get; private set; }

    /// <summary>Something was learned that the others should hear of soon.</summary>
    public bool HasNews { get; private set; }

    private void LearnFromPass(DateTimeOffset sentAt, DateTimeOffset now)
    {
        if (sentAt <= _cut)
        {
            return;
        }

        _zone += (sentAt - _turn).TotalSeconds >= BucketPlan.ScoutFrom ? 1 : 0;
        if (_refusalsInARow > 0)
        {
            _refusalsInARow = 0;
            TellShapeByPass(sentAt, now);
        }

        LearnTurn(now);
    }

    private double PassedSinceStart(in PaceView view) => _passedSinceStart + view.FleetPassed - view.Passed;

    private double? Alarmed(DateTimeOffset now) => _quota.Basis != QuotaBasis.AtMost ? null : (now - (_alarm ?? now)).TotalSeconds;

    private void Learn(QuotaKnowledge learned)
    {
        var differs = Math.Abs(learned.PerMinute - _quota.PerMinute);
        _deviation = (learned.IsMeasured, _quota.IsMeasured) switch
        {
            (true, true) when _quota.IsCloseTo(learned.PerMinute) => _deviation + (0.2 * (differs - _deviation)),
            (true, _) => Math.Max(FirstDeviation * learned.PerMinute, Math.Sqrt(learned.PerMinute) / 2),
            _ => _deviation,
        };
        if (learned.PerMinute > 1.5 * _quota.PerMinute || learned.PerMinute < _quota.PerMinute / 1.5)
        {
            ForgetPromises();
        }

        _quota = learned with { PerMinute = Math.Min(learned.PerMinute, _told) };
        HasNews = true;
    }

    private void ForgetPromises()
    {
        _returns.Forget();
        _incidentReturns.Forget();
    }

    /// <summary>Brings the minute up to date, and learns from the one that has ended.</summary>
    private void Advance(DateTimeOffset now)
    {
        if (now + Late < _turn)
        {
            // The clock was set back. What is still to come by the old one would not come for as long as that was.
            _lastAsked = Earlier(_lastAsked, now);
            (_turn, _cut, _cutBefore, _closedUntil, _gateOpens, _upstreamWaits, _heldBack) = (default, default, default, default, default, default, default);
            (_alarm, _canary, _drained, _rampFrom, _measuredAt, _receivedByRoom) = (null, null, null, now, default, default);
            (_believed, _seeksTurn, _soughtInVain, _moved, _lastWasLight) = (TurnOfMinute.OfTheClock, false, default, default, false);
            (_pair, _looked, _opensEarlier, _looksAgain, _hintedUntil) = (null, null, null, null, default);
            ForgetPromises();
        }

        if (_turn == default)
        {
            _started = now;
            _turn = _believed.StartOf(now);
            _tally.Turn(_turn, isNext: false);
            _turns.Grant(double.IsFinite(_told) ? SustainedPerSecond : FirstCalls);
        }

        if (now >= _turn + Minute)
        {
            var minutes = (now - _turn).Ticks / Minute.Ticks;
            _lastWasLight = minutes == 1 ? IsLight(ViewAt(_turn + Minute, isExact: true)) : _fleet.Sharing == 1;
            _turn += minutes * Minute;
            _tally.Turn(_turn, isNext: minutes == 1);
            (_minuteIsOpen, _minuteIsMixed) = (minutes == 1 && !_minuteIsMixed, false);
            (_paused, _looked, _mayBeUsedUp) = (TimeSpan.Zero, null, minutes == 1 && MayBeUsedUp);
            LookedInVain();
            _turns.Scatter(_turn);
            if (ShowsTurnAtOnce(now))
            {
                _turns.Grant(1);
            }
        }

        if (_minuteIsOpen && !_seeksTurn && _fleet.Others.Count == 0 && now >= _turn + LastAnswers)
        {
            CloseMinute(_tally.PassedBefore, _tally.TouchedBefore);
        }
    }

    /// <summary>A minute is over, and everybody has said what it has taken.</summary>
    private void CloseMinute(int passed, bool touched)
    {
        _minuteIsOpen = false;
        if (_quota.Shape == QuotaShape.Bucket)
        {
            return;
        }

        if (touched && passed > 0)
        {
            _looksInVain = 0;
            NarrowTurn(wasUsedUp: true);

            Learn(_quota.Measured(passed, passed < _quota.PerMinute ? LowTouchWeight : TouchWeight));
        }
        else if (passed > _quota.PerMinute + Math.Max(3, 3 * _deviation) || EdgeIsElsewhere(passed))
        {
            Learn(_quota.Next(QuotaBasis.AtLeast, passed));
        }
    }
}

/// <summary>What a refusal means for this instance.</summary>
/// <param name="Until">Nothing is called before.</param>
/// <param name="IsUnexpected">Nobody was looking for the edge.</param>
/// <param name="ByOthers">The fleet had used clearly less than its quota: somebody else has.</param>
internal sealed record PaceRefusal(DateTimeOffset Until, bool IsUnexpected, bool ByOthers);
