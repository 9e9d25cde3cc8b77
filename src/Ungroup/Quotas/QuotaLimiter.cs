using Ungroup.Requests;

namespace Ungroup.Quotas;

/// <summary>
/// Hands out permits for one API of an account in a region. The only place with state: what is known, who shares it and what is under way; how that
/// changes is said by <see cref="QuotaEstimator"/>, <see cref="WindowSchedule"/> and <see cref="WindowOpening"/>.
/// </summary>
internal sealed class QuotaLimiter
{
    // A call may hang for a minute; where one is waited for, it is no longer than this.
    private static readonly TimeSpan CallIsLate = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnAnswer = TimeSpan.FromMilliseconds(10);

    // Not heard of for so long, the others may have used what a window took.
    private static readonly TimeSpan StoreIsAway = TimeSpan.FromSeconds(45);
    private const double OwnSurprise = 0.77;
    private const double Expected = 0.85;

    // A new instance does not know what it may have used of this window, but need not wait for its first call.
    private const int FirstCalls = 2;

    private readonly Lock _sync = new();
    private readonly LimiterSettings _settings;
    private readonly RequeueSchedule _returns;
    private readonly RequeueSchedule _incidentReturns;
    private QuotaView _view;
    private FleetShare _share;
    private DateTimeOffset _heardAt;
    private Demand _demand;
    private QuotaCounts _counts;
    private int _inFlight;
    private bool _hasNews;

    public QuotaLimiter(QuotaKey key, LimiterSettings settings)
    {
        (Key, _settings) = (key, settings);
        (_returns, _incidentReturns) = (new(settings.Chance), new(settings.Chance));
        Told = settings.Options.Quotas.TryGetValue(key.Action, out var told) ? told : null;
        var now = settings.Clock.GetUtcNow();
        (_share, _heardAt) = (FleetShare.Alone(settings.Me), now);
        _view = QuotaView.New(QuotaEstimate.Nothing with { Limit = Told is { } calls ? QuotaLimit.Told(calls) : QuotaLimit.Unknown }, now);
        _view = _view with { Current = _view.Current with { Issued = AllowanceAt(_view, _share, now) - FirstCalls } };
    }

    public QuotaKey Key { get; }

    /// <summary>What an operator has said of it: calls a window.</summary>
    public int? Told { get; }

    /// <summary>A permit, or null and when to ask again.</summary>
    public CallPermit? TryTake(Origin origin, out DateTimeOffset wait)
    {
        lock (_sync)
        {
            var now = Advance();
            wait = MayCallAt(origin, now);
            var isTaken = wait <= now;
            _demand = _demand with
            {
                AskedAt = now,
                UpstreamWaits = !isTaken && origin == Origin.Upstream ? now : _demand.UpstreamWaits,
                WaitsUntil = isTaken ? _demand.WaitsUntil : wait,
            };
            if (!isTaken)
            {
                return null;
            }

            _inFlight++;
            _view = _view with { LastSent = now, Current = _view.Current with { Issued = _view.Current.Issued + 1 } };
            return new(this, origin, _settings.Clock);
        }
    }

    /// <summary>ECS has taken a call.</summary>
    public void Passed(DateTimeOffset sentAt)
    {
        lock (_sync)
        {
            var now = Advance();
            _inFlight--;
            Observe(new Observation.Passed(sentAt), now);
        }
    }

    /// <summary>ECS has refused a call because the quota is used up.</summary>
    public QuotaRefusal Refused(Origin origin, DateTimeOffset sentAt, TimeSpan? hint)
    {
        lock (_sync)
        {
            var now = Advance();
            _inFlight--;
            var before = _view;
            Observe(new Observation.Refused(sentAt, hint, now), now);
            _view = hint is { } wait && now + wait > _view.NotBefore ? _view with { NotBefore = now + wait } : _view;
            var isUnexpected = sentAt > before.RefusedAt && !IsLookedFor(before, sentAt) && _view is { Current.Hit: true, Start.IsSure: true };
            var byOthers = isUnexpected && !before.Limit.IsSought && (before.Current.Passed + 1L) * _share.Count < Expected * before.Limit.Calls;
            _counts = new(_counts.Refused + 1, _counts.ByOthers + (byOthers ? 1 : 0));
            return new(MayCallAt(origin, now), isUnexpected, byOthers);
        }
    }

    /// <summary>A call of which nothing is known; one that was not sent gives its permit back.</summary>
    public void Left(bool wasSent)
    {
        lock (_sync)
        {
            Advance();
            _inFlight--;
            _view = wasSent ? _view : _view with { Current = _view.Current with { Issued = _view.Current.Issued - 1 } };
        }
    }

    /// <summary>When a message that cannot wait in hand should come back: one after the other, and incidents not behind the others.</summary>
    public DateTimeOffset Promise(Origin origin, DateTimeOffset earliest)
    {
        lock (_sync)
        {
            var now = Advance();
            var (speed, pause) = RequeueSchedule.SpeedOf(_view.Limit);

            // Where messages are received by budget, whoever has room first takes them; elsewhere each instance is given its own.
            var sharing = now - _demand.BudgetedAt < WindowStart.Length ? 1 : _share.Count;
            return origin == Origin.Incident
                ? _incidentReturns.Promise(speed / sharing, earliest + pause)
                : _returns.Promise(speed * (1 - _settings.Options.Reserve) / sharing, earliest + pause);
        }
    }

    /// <summary>How many messages are of use in hand: those whose calls are under way, and those that get a permit within a while.</summary>
    /// <param name="hold">How long a message may wait in hand.</param>
    /// <param name="withIncidents">Whether they may be incidents.</param>
    /// <param name="isOnly">Whether this is the only quota that messages are received for.</param>
    public (int All, int Incidents) Budget(TimeSpan hold, bool withIncidents, bool isOnly)
    {
        lock (_sync)
        {
            var now = Advance();
            var ordinary = PermitsWithin(hold, now);
            var reserved = WindowOpening.Of(_view, _share, now).At > now ? 0 : Math.Max(0, IncidentAllowance.Of(_view.Limit, _share, _view.Number) - _view.Current.Issued);
            var room = withIncidents ? Math.Max(ordinary, reserved) : ordinary;

            // An instance that is held back has work, for all that is known.
            var asks = room == 0 && _demand.IsWanted(now);
            _demand = _demand with { AskedAt = asks ? now : _demand.AskedAt, BudgetedAt = isOnly ? now : _demand.BudgetedAt };
            return (room + _inFlight, reserved);
        }
    }

    /// <summary>Whether it was used lately, or would have been: while it is closed nobody asks it, however long that takes.</summary>
    public bool IsUsed(TimeSpan lately)
    {
        lock (_sync)
        {
            var now = Advance();
            return now - _demand.AskedAt < lately || _view.NotBefore > now;
        }
    }

    /// <summary>What others have said.</summary>
    /// <param name="members">Those who use this quota.</param>
    /// <param name="learned">What any of them knows, those included that are gone.</param>
    public void Hear(IReadOnlyList<MemberReport> members, QuotaEstimate learned)
    {
        lock (_sync)
        {
            var now = Advance();
            Observe(new Observation.Heard(learned, now), now);
            var share = FleetShare.Of(_settings.Me, members.Where(member => member.Wants).Select(member => member.Id));
            Become(_view, share, now);
            _heardAt = now;
            Measure([.. members.Select(member => member.TallyOf(_view.Last.Start))], now);
        }
    }

    /// <summary>What the others should know; null where nobody has asked for long.</summary>
    public QuotaReport? Report()
    {
        lock (_sync)
        {
            var now = Advance();
            return now - _demand.AskedAt > 4 * WindowStart.Length ? null : new(Key, _demand.IsWanted(now), _view.Since, _view.Estimate, _view.Current, _view.Last);
        }
    }

    /// <summary>Whether something was learned here since the last time that the others should hear of soon.</summary>
    public bool HasNews
    {
        get
        {
            lock (_sync)
            {
                return _hasNews;
            }
        }

        set
        {
            lock (_sync)
            {
                _hasNews = value;
            }
        }
    }

    public QuotaLook Look()
    {
        lock (_sync)
        {
            var now = Advance();
            var opens = WindowOpening.Of(_view, _share, now).At;
            var perSecond = _view.Limit.Usable * (1 - _settings.Options.Reserve) / _share.Count / WindowStart.Length.TotalSeconds;
            return new(Key, _view.Estimate, WindowOpening.StateOf(_view, now), perSecond, _demand, _counts, _view.Current.Hit ? opens : default, _view.Current.Start);
        }
    }

    /// <summary>Whether nobody has asked since then, no call is under way, and nothing is known that would have to be learned anew.</summary>
    public bool IsIdleSince(DateTimeOffset then)
    {
        lock (_sync)
        {
            var asked = _demand.AskedAt > _view.Since ? _demand.AskedAt : _view.Since;
            return asked < then && _inFlight == 0 && _counts.Refused == 0 && _view is { Limit.Version: 0, Start.Version: 0 };
        }
    }

    private DateTimeOffset Advance()
    {
        var now = _settings.Clock.GetUtcNow();
        _demand = _demand.AskedAt > now ? _demand with { AskedAt = now, UpstreamWaits = default, BudgetedAt = default } : _demand;
        _heardAt = _heardAt > now ? now : _heardAt;
        _view = _view.At(now);
        if (!_settings.Options.Shared)
        {
            Measure([], now);
        }
        else if (now - _heardAt > StoreIsAway && (long)_view.Last.Passed * _share.Count < OwnSurprise * _view.Limit.Calls && !_view.Limit.IsSought && _view.Last.Hit)
        {
            Measure([_view.Last with { Passed = _view.Last.Passed * (_share.Count - 1) }], now);
        }

        return now;
    }

    /// <summary>A window measures the quota where it is over and everybody has said what of it was theirs, from its start to its end.</summary>
    private void Measure(IReadOnlyList<WindowTally?> others, DateTimeOffset now)
    {
        var last = _view.Last;
        if (now >= last.End + WindowStart.Guard && last.IsWhole && others.All(tally => tally is { IsWhole: true }))
        {
            Observe(new Observation.Ended(last.Start, last.Passed + others.Sum(tally => tally!.Passed), last.Hit || others.Any(tally => tally!.Hit)), now);
        }
    }

    // What a window took all learn for themselves; it is no news.
    private void Observe(Observation seen, DateTimeOffset now)
    {
        var before = _view.Estimate;
        Become(QuotaEstimator.Apply(_view, _share, seen, Told), _share, now);
        _hasNews |= seen is Observation.Passed or Observation.Refused && _view.Estimate != before;
        if (_view.Limit.Usable > 1.5 * before.Limit.Usable || before.Limit.Usable > 1.5 * _view.Limit.Usable)
        {
            _returns.Forget();
            _incidentReturns.Forget();
        }
    }

    /// <summary>No arrears: what is learned in the middle of a window does not let calls go in a burst.</summary>
    private void Become(QuotaView view, FleetShare share, DateTimeOffset now)
    {
        var due = view.Current.IsOf(_view.Current.Start) ? AllowanceAt(_view, _share, now) : 0;
        var more = AllowanceAt(view, share, now) - due;
        (_view, _share) = (more > 0 ? view with { Current = view.Current with { Issued = view.Current.Issued + more } } : view, share);
    }

    private DateTimeOffset MayCallAt(Origin origin, DateTimeOffset now)
    {
        var (opens, alone) = WindowOpening.Of(_view, _share, now);
        if (opens > now)
        {
            return opens;
        }

        if (alone)
        {
            return _inFlight > 0 && now - _view.LastSent < CallIsLate ? now + AnAnswer : now;
        }

        if (origin == Origin.Incident && _view.Current.Issued < IncidentAllowance.Of(_view.Limit, _share, _view.Number))
        {
            return now;
        }

        var permit = NextPermit(now);
        return origin == Origin.Cleanup && _demand.CleanupsFrom > permit ? _demand.CleanupsFrom : permit;
    }

    private DateTimeOffset NextPermit(DateTimeOffset now) =>
        FirstAllowed(_view.Current.Start, (now - _view.Current.Start).TotalSeconds, _view.Current.Issued)
        ?? FirstAllowed(_view.Current.End, 0, 0)
        ?? _view.Current.End + WindowStart.Length;

    private DateTimeOffset? FirstAllowed(DateTimeOffset window, double position, int issued)
    {
        if (WindowSchedule.FirstAllowed(_view.Limit, _share, PlanOf(_view, window), IsHolder(window), position, issued) is not { } allowed)
        {
            return null;
        }

        return window + TimeSpan.FromSeconds(allowed);
    }

    private int PermitsWithin(TimeSpan hold, DateTimeOffset now)
    {
        var (opens, alone) = WindowOpening.Of(_view, _share, now);
        if (opens >= now + hold || alone)
        {
            return opens >= now + hold ? 0 : 1;
        }

        var (until, current) = (now + hold, _view.Current);
        var rest = opens >= current.End ? 0 : AllowanceAt(_view, _share, until < current.End ? until : current.End) - current.Issued;
        var next = until <= current.End ? 0 : WindowSchedule.AllowanceAt(_view.Limit, _share, PlanOf(_view, current.End), IsHolder(current.End), (until - current.End).TotalSeconds);
        return Math.Max(0, rest) + next;
    }

    private int AllowanceAt(QuotaView view, FleetShare share, DateTimeOffset now) => WindowSchedule.AllowanceAt(
        view.Limit, share, PlanOf(view, view.Current.Start), share.IsHolder(view.Estimate, view.Number), (now - view.Current.Start).TotalSeconds);

    private bool IsHolder(DateTimeOffset window) => _share.IsHolder(_view.Estimate, _view.Start.NumberOf(window));

    private WindowPlan PlanOf(QuotaView view, DateTimeOffset window)
    {
        var number = view.Start.NumberOf(window);
        return new(number, QuotaView.IsProbed(view.Limit, number), (view.Start.Uncertain + WindowStart.Guard).TotalSeconds, _settings.Options.Reserve);
    }

    /// <summary>Whether a refusal is how the quota is learned, and no event.</summary>
    private static bool IsLookedFor(QuotaView view, DateTimeOffset sentAt)
    {
        var window = view.Start.WindowOf(sentAt);
        return view.Limit.Basis == LimitBasis.Unknown
            || (QuotaView.IsProbed(view.Limit, view.Start.NumberOf(window)) && (sentAt - window).TotalSeconds >= WindowSchedule.LooksFrom(view.Limit));
    }
}
