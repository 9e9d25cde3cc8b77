using Ungroup.Messages;

namespace Ungroup.Pace;

/// <summary>
/// How fast one API of an account may be called in a region by this instance: its part of what the fleet has learned of the
/// quota. Whether it may be called at all is the circuits' business.
/// </summary>
internal sealed partial class Governor
{
    // Who has not asked for so long has no work, and leaves its part to the others.
    private static readonly TimeSpan WorkIsOver = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CleanupYields = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnAnswer = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(WindowPlan.Length);

    // One refusal a minute is the price of knowing, two with a bucket, whose refusals close it for a moment only and whose measures
    // scatter; of a small quota it is paid less often, but not so seldom that one believed small because others had used it up stays
    // so for long.
    private const double CallsPerTouch = 550;
    private const double CallsPerDrain = 450;
    private const double RarestTouch = 3;
    private const double FirstCalls = 2;
    private const double LongestReport = 6;

    // Of a quota that is not known, for what is put off: JoinSecurityGroup has 1,000 calls a minute.
    private const double LikelyPerSecond = 16;

    // Of one that is known to be tiny more comes back than has a turn: whoever looks whether it is still so must find work to look with.
    // No single message is put off again and again for that.
    private const double SlowestReturn = 1;
    private static readonly TimeSpan ShortestReturn = TimeSpan.FromSeconds(10);

    private readonly Lock _sync = new();
    private readonly QuotasInUse? _inUse;
    private readonly PaceOptions _options;
    private readonly double _told;
    private readonly SpacedTurns _turns;
    private readonly IncidentReserve _incidents = new();
    private readonly ReturnQueue _returns;
    private readonly ReturnQueue _incidentReturns;
    private readonly Tally _tally = new();
    private QuotaKnowledge _quota;
    private FleetView _fleet = FleetView.Alone;
    private DateTimeOffset _turn;
    private DateTimeOffset _started;
    private DateTimeOffset _lastAsked;
    private DateTimeOffset _heldBack;
    private DateTimeOffset _upstreamWaits;
    private double _deviation;
    private double _latency = 0.02;
    private int _inFlight;
    private DateTimeOffset _lastTaken;
    private DateTimeOffset _closedUntil;

    public Governor(QuotaKey key, PaceOptions options, Func<double> chance, QuotasInUse? inUse = null)
    {
        Key = key;
        _inUse = inUse;
        _options = options;
        (_turns, _returns, _incidentReturns) = (new(chance), new(chance), new(chance));
        _told = options.Quotas.TryGetValue(key.Action ?? "", out var perMinute) ? perMinute : double.PositiveInfinity;
        _quota = double.IsFinite(_told) ? new(_told, QuotaBasis.Measured, QuotaShape.Unknown, 0) : QuotaKnowledge.Nothing;
    }

    public QuotaKey Key { get; }

    /// <summary>Whether it is among those that are looked at for each message.</summary>
    public bool IsInUse { get; set; }

    /// <summary>A turn, which <see cref="Passed"/>, <see cref="Refused"/> or <see cref="Left"/> has to end; or when to ask again.</summary>
    /// <param name="origin">Who wants it.</param>
    /// <param name="now">This instant.</param>
    /// <param name="wait">When to ask again.</param>
    public bool TryTake(Origin origin, DateTimeOffset now, out DateTimeOffset wait)
    {
        var isTaken = TryTakeTurn(origin, now, out wait);
        _inUse?.Note(this);
        return isTaken;
    }

    private bool TryTakeTurn(Origin origin, DateTimeOffset now, out DateTimeOffset wait)
    {
        lock (_sync)
        {
            Advance(now);
            _lastAsked = now;
            var limit = LimitAt(now);
            var isTaken = origin == Origin.Incident && _incidents.TryTake(ReservedPerSecond, now);
            wait = now;
            if (!isTaken && MayTake(origin, limit, now, out wait))
            {
                isTaken = _turns.TryTake(limit.PerSecond, now, out var pause);
                wait = Earlier(pause < Minute ? now + pause : DateTimeOffset.MaxValue, _turn + TimeSpan.FromSeconds(limit.Until));
            }

            _inFlight += isTaken ? 1 : 0;
            _lastTaken = isTaken ? now : _lastTaken;
            _upstreamWaits = !isTaken && origin == Origin.Upstream ? now : _upstreamWaits;
            _waitsUntil = isTaken ? _waitsUntil : wait;
            return isTaken;
        }
    }

    /// <summary>
    /// When a message that cannot wait in hand should come back: one after the other. Incidents do not queue behind others, whose turns they
    /// may have beside their own.
    /// </summary>
    public DateTimeOffset Promise(Origin origin, DateTimeOffset earliest, DateTimeOffset now)
    {
        lock (_sync)
        {
            Advance(now);
            var isTiny = _quota.IsMeasured && IsLookedFor && _quota.PerSecond < SlowestReturn;
            var speed = isTiny ? SlowestReturn : _quota.IsMeasured ? _quota.PerSecond : Math.Max(_quota.PerSecond, LikelyPerSecond);
            var earliestReturn = isTiny ? earliest + ShortestReturn : earliest;

            // Who takes no more than there is room for may find it in the queue too early; whoever has room for it first takes it.
            // Anybody else should get it when it is its turn, or it is put off again.
            var sharing = now - _receivedByRoom < Minute ? 1 : _fleet.Sharing;
            return origin == Origin.Incident
                ? _incidentReturns.Promise(speed / sharing, earliestReturn)
                : _returns.Promise(speed * (1 - _options.Reserve) / sharing, earliestReturn);
        }
    }

    /// <summary>What was told is right until a refusal shows that it is too much.</summary>
    private bool IsLookedFor => _quota.PerMinute < _told;

    /// <summary>The quota has taken a call; one without an answer only in all likelihood.</summary>
    public void Passed(DateTimeOffset sentAt, bool isAnswered, DateTimeOffset now)
    {
        lock (_sync)
        {
            Advance(now);
            _inFlight--;
            _tally.Pass(sentAt);
            _passedSinceStart++;
            if (isAnswered)
            {
                _latency += 0.1 * ((now - sentAt).TotalSeconds - _latency);
                LearnFromPass(sentAt, now);
            }
        }
    }

    /// <summary>A turn that was not used for a call, or of whose call nothing is known.</summary>
    public void Left()
    {
        lock (_sync)
        {
            _inFlight--;
        }
    }

    private bool MayTake(Origin origin, PaceLimit limit, DateTimeOffset now, out DateTimeOffset wait)
    {
        // One that hangs, as a call may for a minute, is not waited for.
        if (_inFlight >= limit.AtOnce && (now - _lastTaken).Duration() < QuotaClosure.ProbeIsLate)
        {
            wait = now + AnAnswer;
            return false;
        }

        if (origin == Origin.Cleanup && now - _upstreamWaits < CleanupYields)
        {
            wait = _upstreamWaits + CleanupYields;
            return false;
        }

        wait = now;
        return true;
    }

    /// <param name="now">This instant, or one that is to come in this minute.</param>
    /// <param name="more">Calls that will have passed until then.</param>
    private PaceLimit LimitAt(DateTimeOffset now, int more = 0)
    {
        var view = ViewAt(now, (now - _turn).TotalSeconds >= WindowPlan.ScoutFrom, more);
        if (_quota.Shape != QuotaShape.Bucket && LimitBeforeTurn(view.Position) is { } limit)
        {
            return limit;
        }

        if (LooksAgain(now))
        {
            return BucketPlan.Learning(view with { IsScout = true }, _ramp, (now - _rampFrom).TotalSeconds, alarmed: null);
        }

        if (_minuteIsOpen && _tally.TouchedBefore && !_quota.IsMeasured && view.Position < LongestReport)
        {
            // The edge was found a moment ago, and where it lies is known as soon as everybody has said what they used.
            return PaceLimit.Silent(view.Position + 0.2);
        }

        if (_quota.Shape == QuotaShape.Bucket)
        {
            return _quota.IsMeasured
                ? BucketPlan.Steady(view, _drains)
                : BucketPlan.Learning(view with { IsScout = _fleet.Rank == 0 }, _ramp, (now - _rampFrom).TotalSeconds, Alarmed(now));
        }

        return _quota.IsMeasured
            ? WindowPlan.Steady(view)
            : WindowPlan.Learning(view, (_started - _turn).TotalSeconds, _paused.TotalSeconds);
    }

    /// <param name="now">This instant.</param>
    /// <param name="isExact">Whether what the others have used matters: it takes a look at each of them.</param>
    /// <param name="more">Calls of ours that will have passed until then.</param>
    private PaceView ViewAt(DateTimeOffset now, bool isExact, int more = 0)
    {
        var position = (now - _turn).TotalSeconds;
        var number = _believed.NumberOf(_turn);
        var callsPerLook = _quota.Shape == QuotaShape.Bucket ? CallsPerDrain : CallsPerTouch;
        return new(
            position,
            _quota,
            _options.Reserve,
            1.0 / _fleet.Sharing,
            number % _fleet.Looking == _fleet.Rank,
            IsLookedFor && number % Math.Ceiling(callsPerLook / Math.Max(_quota.PerMinute, callsPerLook / RarestTouch)) == 0,
            _tally.Passed + more,
            _tally.Passed + more + (isExact ? OthersPassed(position) : 0),
            _deviation,
            _latency);
    }

    /// <summary>What the others' minute has taken by now: what they said, and what they may have used since.</summary>
    private double OthersPassed(double position)
    {
        var passed = 0.0;
        foreach (var member in _fleet.Others)
        {
            var isThisMinute = member.MinuteStart >= _turn - TimeSpan.FromSeconds(1);
            var since = isThisMinute ? (member.At - _turn).TotalSeconds : 0;
            passed += (isThisMinute ? member.Passed : 0) + (member.Wants ? Math.Max(0, Planned(position) - Planned(since)) / _fleet.Sharing : 0);
        }

        return passed;
    }

    /// <summary>What the whole fleet, its scout aside, uses of a minute until then, where it has work.</summary>
    private double Planned(double position) => _quota.Shape == QuotaShape.Bucket
        ? BucketPlan.Planned(position, ViewOfPlan())
        : WindowPlan.Planned(position, ViewOfPlan());

    private PaceView ViewOfPlan() => new(0, _quota, _options.Reserve, 1, IsScout: false, Touches: true, 0, 0, _deviation, _latency);

    /// <summary>Calls a second of this instance over a while.</summary>
    private double SustainedPerSecond => _quota.Basis switch
    {
        QuotaBasis.Measured => _quota.PerSecond * (1 - _options.Reserve) / _fleet.Sharing,
        QuotaBasis.AtMost => Math.Max(1, _quota.PerSecond / 2) / _fleet.Sharing,
        _ => Math.Max(4, _quota.PerSecond * (1 - _options.Reserve)) / _fleet.Sharing,
    };

    private double ReservedPerSecond => (_quota.Basis == QuotaBasis.Nothing ? 5 : _quota.PerSecond * _options.Reserve) / _fleet.Sharing;
}
