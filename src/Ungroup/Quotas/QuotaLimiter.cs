using Ungroup.Messages;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas;

/// <summary>
/// Hands out permits for one API of an account in a region. The only place with state: what is known, who shares it and what is under way. How that
/// changes and what follows from it is said by pure functions. It is one file because each of its members is one lock around a few lines, and all of
/// them speak of the same state.
/// </summary>
internal sealed class QuotaLimiter
{
    // A call may hang for a minute; where one is waited for, it is no longer than this.
    private static readonly TimeSpan CallIsLate = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnAnswer = TimeSpan.FromMilliseconds(10);

    // What is open again before others have heard of it is no news.
    private static readonly TimeSpan SoonOver = TimeSpan.FromSeconds(3);

    // Not heard of for so long, the others may have used what a window took.
    private static readonly TimeSpan StoreIsAway = TimeSpan.FromSeconds(45);
    private const double OwnSurprise = 0.77;

    // A new instance does not know what it may have used of this window, but need not wait for its first calls: these, or what was told for a second.
    private const int FirstCalls = 2;

    private readonly Lock _sync = new();
    private readonly LimiterSettings _settings;
    private readonly RequeueSchedule _returns;
    private readonly int? _told;
    private readonly WindowPermits _permits;
    private QuotaView _view;
    private FleetShare _share;
    private DateTimeOffset _heardAt;
    private Demand _demand;
    private QuotaCounts _counts;
    private int _inFlight;
    private string? _reason;

    public QuotaLimiter(QuotaKey key, LimiterSettings settings)
    {
        (Key, _settings) = (key, settings);
        _returns = new(Reserve, settings.Chance);
        _told = settings.Options.Quotas.TryGetValue(key.Action, out var told) ? told : null;
        _permits = new(Reserve, _told);
        var now = settings.Clock.GetUtcNow();
        (_share, _heardAt) = (FleetShare.Alone(settings.Me), now);
        var view = QuotaView.New(QuotaEstimate.Nothing with { Limit = _told is { } calls ? QuotaLimit.Told(calls) : QuotaLimit.Unknown }, now);
        var first = Math.Max(FirstCalls, (_told ?? 0) / 60);
        _view = view.Issuing(Math.Max(_told is null ? -first : 0, _permits.AllowanceAt(view, _share, now) - first));
    }

    public QuotaKey Key { get; }

    /// <summary>Something was learned here that the others should hear of soon. Whoever tells it takes it back before.</summary>
    public bool HasNews { get; set; }

    private double Reserve => _settings.Options.Reserve;

    /// <summary>Whether a permit was given out; else when to ask again, and why.</summary>
    public bool TryTake(Origin origin, out QuotaWait? wait)
    {
        lock (_sync)
        {
            var now = Advance();
            var at = MayCallAt(origin, now);
            var isTaken = at <= now;
            _demand = _demand.Asked(origin, now, isTaken ? null : at);
            wait = isTaken ? null : WaitUntil(at, now);
            if (isTaken)
            {
                _inFlight++;
                _view = _view.Issuing(_view.Current.Issued + 1) with { LastSent = now };
            }

            return isTaken;
        }
    }

    /// <summary>ECS has taken a call.</summary>
    /// <returns>Whether it is the first one after the quota was used up.</returns>
    public bool Passed(DateTimeOffset sentAt)
    {
        lock (_sync)
        {
            var now = Advance();
            _inFlight--;
            Observe(new Observation.Passed(sentAt), now);
            return _view is { Last.Hit: true, Current: { Passed: 1, Hit: false } };
        }
    }

    /// <summary>ECS has refused a call because the quota is used up.</summary>
    public QuotaRefusal Refused(Origin origin, DateTimeOffset sentAt, TimeSpan? hint, string reason)
    {
        lock (_sync)
        {
            var now = Advance();
            _inFlight--;
            var before = _view;
            Observe(new Observation.Refused(sentAt, hint, now), now);
            HasNews |= _view.Current.Hit && _view.Current.End - now > SoonOver;
            _view = hint is { } wait && now + wait > _view.NotBefore ? _view with { NotBefore = now + wait } : _view;
            if (_view.NotBefore > before.NotBefore)
            {
                // Calls that a pause has kept back are not made up for at its end.
                _view = _view.Issuing(Math.Max(_view.Current.Issued, _permits.AllowanceAt(_view, _share, _view.NotBefore)));
            }

            var isUnexpected = sentAt > before.RefusedAt && _view.Current.Hit && !WindowPermits.IsLookedFor(before, sentAt);
            var byOthers = isUnexpected && !before.Limit.IsSought && (before.PassedLately + 1L) * _share.Count < QuotaEstimator.Expected * before.Limit.Calls;
            (_counts, _reason) = (new(_counts.Refused + 1, _counts.ByOthers + (byOthers ? 1 : 0)), reason);
            return new(MayCallAt(origin, now), WindowOpening.StateOf(_view, now), isUnexpected, byOthers);
        }
    }

    /// <summary>A call of which nothing is known; one that was not sent gives its permit back.</summary>
    public void Left(bool wasSent)
    {
        lock (_sync)
        {
            Advance();
            _inFlight--;
            _view = wasSent ? _view : _view.Issuing(_view.Current.Issued - 1);
        }
    }

    /// <summary>When a message that cannot wait in hand should come back: one after the other, and incidents not behind the others.</summary>
    public DateTimeOffset Promise(Origin origin, DateTimeOffset earliest)
    {
        lock (_sync)
        {
            // Where messages are received by budget, whoever has room first takes them; elsewhere each instance is given its own.
            var sharing = Advance() - _demand.BudgetedAt < WindowStart.Length ? 1 : _share.Count;
            return _returns.Promise(_view.Limit, sharing, origin, earliest);
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
            var isOpen = WindowOpening.Of(_view, _share, now).At <= now;
            var incidents = isOpen ? Math.Max(0, IncidentAllowance.Of(_view.Limit, _share, _view.Number) - _view.Current.Issued) : 0;
            var ordinary = _permits.CountWithin(_view, _share, hold, now);
            var room = withIncidents ? Math.Max(ordinary, incidents) : ordinary;
            _demand = _demand.Budgeted(now, isHeldBack: room == 0, isOnly);
            return (room + _inFlight, incidents);
        }
    }

    /// <summary>Whether it was used lately, or would have been: while it is closed nobody asks it, however long that takes.</summary>
    public bool IsUsed(TimeSpan lately)
    {
        lock (_sync)
        {
            var now = Advance();
            return now - _demand.AskedAt < lately || _view.Current.Hit || _view.NotBefore > now;
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
            _view = members.Select(member => member.Said).OfType<QuotaReport>().Aggregate(_view, (view, said) => QuotaEstimator.Closed(view, said, now));
            var share = FleetShare.Of(_settings.Me, members.Where(member => member.Wants).Select(member => member.Id));
            (_view, _share) = (_permits.WithoutArrears((_view, _share), (_view, share), now), share);
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
            return now - _demand.AskedAt > 4 * WindowStart.Length ? null
                : new(Key, _demand.IsWanted(now), _view.Since, _view.Estimate, _view.Current, _view.Last, ClosedUntil(now));
        }
    }

    public QuotaLook Look()
    {
        lock (_sync)
        {
            var now = Advance();
            var perSecond = _view.Limit.Usable * (1 - Reserve) / _share.Count / WindowStart.Length.TotalSeconds;
            var closed = ClosedUntil(now) is { } until ? WaitUntil(until, now) : null;
            return new(Key, _view.Estimate, WindowOpening.StateOf(_view, now), perSecond, _demand, _counts, closed, _view.Current.Start);
        }
    }

    /// <summary>Whether nobody has asked since then, no call is under way, and nothing is known that would have to be learned anew.</summary>
    public bool IsIdleSince(DateTimeOffset then)
    {
        lock (_sync)
        {
            return (_demand.AskedAt > _view.Since ? _demand.AskedAt : _view.Since) < then
                && _inFlight == 0
                && _counts.Refused == 0
                && _view is { Limit.Version: 0, Start.Version: 0 };
        }
    }

    /// <summary>Null where no refusal keeps it closed.</summary>
    private DateTimeOffset? ClosedUntil(DateTimeOffset now) =>
        (_view.Current.Hit || _view.NotBefore > now) && WindowOpening.Of(_view, _share, now).At is var opens && opens > now ? opens : null;

    private DateTimeOffset Advance()
    {
        var now = _settings.Clock.GetUtcNow();
        _view = _view.At(now);
        var isAway = now - _heardAt > StoreIsAway && _view.Last.Hit && !_view.Limit.IsSought;
        if (!_settings.Options.Shared)
        {
            Measure([], now);
        }
        else if (isAway && (long)_view.Last.Passed * _share.Count < OwnSurprise * _view.Limit.Calls)
        {
            // The others will have been as surprised.
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

    private void Observe(Observation seen, DateTimeOffset now)
    {
        var before = _view.Estimate;
        _view = _permits.WithoutArrears((_view, _share), (QuotaEstimator.Apply(_view, _share, seen, _told), _share), now);

        // What a window took all learn for themselves; it is no news.
        HasNews |= seen is Observation.Passed or Observation.Refused && _view.Estimate != before;
        if (_view.Limit.Usable > 1.5 * before.Limit.Usable || before.Limit.Usable > 1.5 * _view.Limit.Usable)
        {
            _returns.Forget();
        }
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

        var permit = _permits.NextAt(_view, _share, now);
        return origin == Origin.Cleanup && _demand.CleanupsFrom > permit ? _demand.CleanupsFrom : permit;
    }

    private QuotaWait WaitUntil(DateTimeOffset until, DateTimeOffset now) => _view.Current.Hit || _view.NotBefore > now
        ? new(Key, until, _reason ?? "its window is used up.")
        : new(Key, until, $"It is not the turn of this call yet: the quota of {Key.Action} in {Key.RegionId} is used evenly.") { IsTurn = true };
}
