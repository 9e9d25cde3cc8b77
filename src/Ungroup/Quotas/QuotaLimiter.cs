using Ungroup.Messages;
using Ungroup.Quotas.Windows;
using Ungroup.Time;

namespace Ungroup.Quotas;

internal sealed record LimiterSettings(string Me, PaceOptions Options, Func<double> Chance, SteadyClock Clock);

/// <summary>Hands out permits for one API of an account in a region. The only place with state; what changes it and what follows is pure.</summary>
internal sealed class QuotaLimiter
{
    // A call may hang for a minute; where one is waited for, it is no longer than this.
    private static readonly TimeSpan CallIsLate = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AnAnswer = TimeSpan.FromMilliseconds(10);

    // A closing that is over before others have heard of it is no news.
    private static readonly TimeSpan SoonOver = TimeSpan.FromSeconds(3);

    // A new instance does not know what it may have used of this window, but need not wait for its first calls: these, or what was told for a second.
    private const int FirstCalls = 2;

    private readonly Lock _sync = new();
    private readonly LimiterSettings _settings;
    private readonly RequeueSchedule _returns;
    private QuotaView _view;
    private Demand _demand;
    private (long Refused, long ByOthers) _counts;
    private int _inFlight;
    private string? _reason;

    public QuotaLimiter(QuotaKey key, LimiterSettings settings)
    {
        (Key, _settings, _returns) = (key, settings, new(settings.Options.Reserve, settings.Chance));
        var now = settings.Clock.GetUtcNow();
        var terms = new QuotaTerms(settings.Options.Reserve, settings.Options.Quotas.TryGetValue(key.Action, out var told) ? told : null);
        var known = QuotaEstimate.Nothing with { Limit = terms.Told is { } calls ? QuotaLimit.Told(calls) : QuotaLimit.Unknown };
        var view = QuotaView.New(terms, FleetShare.Of(settings.Me, []), known, now);
        var credit = Math.Max(FirstCalls, told / 60);
        _view = view.WithSpent(Math.Max(terms.Told is null ? -credit : 0, view.AllowanceAt(now) - credit));
    }

    public QuotaKey Key { get; }

    /// <summary>Something was learned here that the others should hear of soon. It is set back before that is told.</summary>
    public bool HasNews { get; set; }

    /// <summary>Null where a permit was given out; else when to ask again, and why.</summary>
    public QuotaWait? Take(Origin origin) => Locked(now =>
    {
        var at = MayCallAt(origin, now);
        var wait = at > now ? WaitUntil(at, now) : null;
        _demand = _demand.Asked(origin, now, wait?.Until);
        if (wait is null)
        {
            _inFlight++;
            _view = _view.Issue(1) with { LastSent = now };
        }

        return wait;
    });

    /// <returns>Whether it is the first call that ECS has taken after the quota was used up.</returns>
    public bool Passed(DateTimeOffset sentAt) => Locked(now =>
    {
        _inFlight--;
        Learn(QuotaEstimator.Passed(_view, sentAt), now, isNews: true);
        return _view is { Last.Hit: true, Current: { Passed: 1, Hit: false } };
    });

    /// <returns>Until when that closes the quota; whether nobody was looking for its edge, and whether somebody else must have used it.</returns>
    public (DateTimeOffset Until, bool IsUnexpected, bool ByOthers) Refused(Origin origin, DateTimeOffset sentAt, TimeSpan? hint, string reason) => Locked(now =>
    {
        _inFlight--;
        var before = _view;
        Learn(QuotaEstimator.Refused(_view, sentAt, hint, now), now, isNews: true);
        HasNews |= _view.Current.Hit && _view.Current.End - now > SoonOver;
        _view = hint is { } wait && now + wait > _view.NotBefore ? _view with { NotBefore = now + wait } : _view;

        // Calls that a pause has kept back are not made up for at its end.
        _view = _view.NotBefore > before.NotBefore ? _view.WithSpent(Math.Max(_view.Current.Spent, _view.AllowanceAt(_view.NotBefore))) : _view;

        var isUnexpected = sentAt > before.RefusedAt && _view.Current.Hit && !QuotaEstimator.IsLookedFor(before, sentAt);
        var taken = before.Current.Passed + (before.Start.IsFound ? 0 : before.Last.Passed) + 1L;
        var byOthers = isUnexpected && before.Limit.IsExact && taken * _view.Share.Count < QuotaEstimator.Expected * before.Limit.Calls;
        (_counts, _reason) = ((_counts.Refused + 1, _counts.ByOthers + (byOthers ? 1 : 0)), reason);
        return (MayCallAt(origin, now), isUnexpected, byOthers);
    });

    /// <summary>A call of which nothing is known; one that was not sent gives its permit back.</summary>
    public void Left(bool wasSent) => Locked(_ => (_inFlight, _view) = (_inFlight - 1, wasSent ? _view : _view.Issue(-1)));

    /// <summary>When a message that cannot wait in hand should come back: one after the other, and incidents not behind the others.</summary>
    public DateTimeOffset Promise(Origin origin, DateTimeOffset earliest) => Locked(now =>
    {
        // Where messages are received by budget, whoever has room first takes them; elsewhere each instance is given its own.
        var sharing = now - _demand.BudgetedAt < WindowStart.Length ? 1 : _view.Share.Count;
        return _returns.Promise(_view.Limit, sharing, origin, earliest);
    });

    /// <summary>How many messages are of use in hand: those whose calls are under way, and those that get a permit while they may wait.</summary>
    public (int All, int Incidents) Budget(TimeSpan hold, bool withIncidents, bool isOnly) => Locked(now =>
    {
        var (opens, alone) = QuotaOpening.NextCall(_view, now);
        var incidents = opens <= now ? Math.Max(0, _view.Schedule.CeilingForIncidents - _view.Current.Spent) : 0;
        var ordinary = opens >= now + hold ? 0 : alone ? 1 : _view.PermitsWithin(opens, now + hold);
        var room = withIncidents ? Math.Max(ordinary, incidents) : ordinary;
        _demand = _demand.Budgeted(now, isHeldBack: room == 0, isOnly);
        return (room + _inFlight, incidents);
    });

    /// <summary>Whether it was used lately, or would have been: while it is closed nobody asks it, however long that takes.</summary>
    public bool IsUsed(TimeSpan lately)
    {
        lock (_sync)
        {
            var now = Advance();
            return now - _demand.AskedAt < lately || _view.Current.Hit || _view.NotBefore > now;
        }
    }

    /// <summary>The reports of others that use this quota, and what anybody knows of it, those included that are gone.</summary>
    public void Hear(IReadOnlyList<MemberReport> members, QuotaEstimate learned) => Locked(now =>
    {
        Learn(QuotaEstimator.Heard(_view, learned, members.Select(member => member.Said).OfType<QuotaReport>(), now), now, isNews: false);
        _view = _view.Shared(FleetShare.Of(_settings.Me, members.Where(member => member.Wants).Select(member => member.Id)), now);
        Measure([.. members.Select(member => member.TallyOf(_view.Last.Start))], now);
        return now;
    });

    public QuotaReport? Report() => Locked(now => now - _demand.AskedAt > 4 * WindowStart.Length ? null
        : new QuotaReport(Key, _demand.IsWanted(now), _view.Since, _view.Estimate, _view.Current, _view.Last, ClosedUntil(now)));

    public QuotaLook Look() => Locked(now =>
    {
        var perSecond = _view.Limit.Usable * (1 - _view.Terms.Reserve) / _view.Share.Count / WindowStart.Length.TotalSeconds;
        var closed = ClosedUntil(now) is { } until ? WaitUntil(until, now) : null;
        return new QuotaLook(Key, _view.Estimate, QuotaOpening.StateOf(_view, now), perSecond, _demand, _counts, closed, _view.Current.Start);
    });

    /// <summary>Whether nobody has asked since then, no call is under way, and nothing is known that would have to be learned anew.</summary>
    public bool IsIdleSince(DateTimeOffset then) => Locked(_ => DateTimeOffset.Later(_demand.AskedAt, _view.Since) < then
        && _inFlight == 0
        && _counts.Refused == 0
        && _view is { Limit.Version: 0, Start.Version: 0 });

    private T Locked<T>(Func<DateTimeOffset, T> act)
    {
        lock (_sync)
        {
            return act(Advance());
        }
    }

    private DateTimeOffset Advance()
    {
        var now = _settings.Clock.GetUtcNow();
        _view = _view.At(now);
        if (!_settings.Options.Shared)
        {
            Measure([], now);
        }

        return now;
    }

    /// <summary>A window measures the quota where it is over and everybody has said what of it was theirs, from its start to its end.</summary>
    private void Measure(IReadOnlyList<WindowTally?> others, DateTimeOffset now)
    {
        var last = _view.Last;
        if (now >= last.End + WindowStart.Guard && last.IsWhole && others.All(tally => tally is { IsWhole: true }))
        {
            var (taken, hit) = (last.Passed + others.Sum(tally => tally!.Passed), last.Hit || others.Any(tally => tally!.Hit));
            Learn(QuotaEstimator.Ended(_view, last.Start, taken, hit), now, isNews: false);
        }
    }

    private void Learn(QuotaView learned, DateTimeOffset now, bool isNews)
    {
        var (before, after) = (_view.Estimate, learned.Estimate);
        _view = learned.WithoutArrears(_view, now);
        HasNews |= isNews && after != before;
        if (after.Limit.Usable > 1.5 * before.Limit.Usable || before.Limit.Usable > 1.5 * after.Limit.Usable)
        {
            _returns.Forget();
        }
    }

    private DateTimeOffset MayCallAt(Origin origin, DateTimeOffset now)
    {
        var (opens, alone) = QuotaOpening.NextCall(_view, now);
        if (opens > now)
        {
            return opens;
        }

        if (alone)
        {
            return _inFlight > 0 && now - _view.LastSent < CallIsLate ? now + AnAnswer : now;
        }

        if (origin == Origin.Incident && _view.Current.Spent < _view.Schedule.CeilingForIncidents)
        {
            return now;
        }

        var permit = _view.NextPermitAt(now);
        return origin == Origin.Cleanup ? DateTimeOffset.Later(_demand.CleanupsFrom, permit) : permit;
    }

    private DateTimeOffset? ClosedUntil(DateTimeOffset now) =>
        (_view.Current.Hit || _view.NotBefore > now) && QuotaOpening.NextCall(_view, now).At is var opens && opens > now ? opens : null;

    private QuotaWait WaitUntil(DateTimeOffset until, DateTimeOffset now) => _view.Current.Hit || _view.NotBefore > now
        ? new(Key, until, _reason ?? "its window is used up.")
        : new(Key, until, $"It is not the turn of this call yet: the quota of {Key.Action} in {Key.RegionId} is used evenly.") { IsTurn = true };
}
