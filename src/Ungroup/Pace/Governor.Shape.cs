namespace Ungroup.Pace;

/// <summary>Whether a quota comes back by the minute or bit by bit, as its refusals and what follows them show.</summary>
internal sealed partial class Governor
{
    private const int Canaries = 2;

    // A gateway that says to come back later than this counts minutes; one that says sooner, while the minute has longer to go, does not.
    private static readonly TimeSpan LongHint = TimeSpan.FromSeconds(2);

    // Long enough for a bucket to hold a call again, short enough to be in the same minute.
    private static readonly TimeSpan Canary = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan NoBucket = TimeSpan.FromSeconds(12);

    // Where one call that passed soon after a refusal is all there is to say that it is a bucket.
    private static readonly TimeSpan SoonNoBucket = TimeSpan.FromSeconds(5);

    // Who looks at once for a second refusal gives up where there is no more work to look with.
    private static readonly TimeSpan LooksFor = TimeSpan.FromSeconds(20);

    private DateTimeOffset _refusedSince;
    private DateTimeOffset? _canary;
    private bool _doubtsShape;
    private TurnOfMinute? _pair;
    private TimeSpan _paused;
    private DateTimeOffset? _looksAgain;

    private void TellShape(TimeSpan? hint, DateTimeOffset now)
    {
        var left = _turn + Minute - now;
        if (_doubtsShape && _refusalsInARow == 1 && left > 2 * Canary)
        {
            // Calls pass again, and there is time to see whether one passes soon after a refusal, too.
            (_quota, _doubtsShape) = (_quota with { Shape = QuotaShape.Unknown }, false);
        }

        if (hint > LongHint)
        {
            (_quota, _doubtsShape) = (_quota with { Shape = QuotaShape.Window }, false);
            if (hint <= Minute)
            {
                BelieveHint(now + hint.Value - Minute, now);
            }
        }
        else if (hint is not null && left > LongHint + AfterAlarm && _quota.Shape == QuotaShape.Unknown)
        {
            BecomeBucket(now);
        }
        else if (_canary is not null && _refusalsInARow > Canaries && _quota.Shape == QuotaShape.Unknown)
        {
            (_quota, _canary, _doubtsShape) = (_quota with { Shape = QuotaShape.Window }, null, _refusalsInARow > Canaries + 1);
            if (PairOf(now) is { } pair)
            {
                // Calls passed soon after a refusal, and now they do not: it turned then.
                BelieveWindow(pair, now);
            }
        }
        else if (_quota.Shape == QuotaShape.Bucket && _refusalsInARow > 4 && PairOf(now) is { } turned && now - _refusedSince >= SoonNoBucket)
        {
            BelieveWindow(turned, now);
            BelieveNoBucket();
        }
        else if (_quota.Shape == QuotaShape.Bucket && _refusalsInARow > 4 && now - _refusedSince >= NoBucket)
        {
            // Refusals that do not stop, though all instances must have heard of them: it was a minute all along, or others take
            // all there is. Once they have stopped the next refusal tells.
            BelieveNoBucket();
        }
    }

    /// <summary>The refusal and the pass soon after it that have not been explained yet, if they were lately.</summary>
    private TurnOfMinute? PairOf(DateTimeOffset now) => _pair is { } pair && now - pair.From < 3 * Minute ? pair : null;

    /// <summary>
    /// A call has passed after a refusal. If that was soon, it is a bucket, or a minute has turned between at an instant nobody knows. In the
    /// last seconds of a minute, in which the edge is looked for again and again, a second time tells: a minute turns at the same second.
    /// </summary>
    private void TellShapeByPass(DateTimeOffset sentAt, DateTimeOffset now)
    {
        var isCanary = _canary is { } refusedAt && refusedAt >= _turn && sentAt < _turn + Minute;
        _canary = null;
        if (_quota.Shape != QuotaShape.Unknown || now - _refusedSentAt > Minute / 2)
        {
            return;
        }

        var pair = new TurnOfMinute(_refusedSentAt, now - _refusedSentAt);
        if (PairOf(now) is { } before)
        {
            if (!before.IsBetween(_refusedSentAt, now))
            {
                BecomeBucket(_cut);
            }
            else if (pair.IsNewerThan(before))
            {
                var from = Later(_refusedSentAt, before.StartOf(now));
                BelieveWindow(new(from, Earlier(now, before.StartOf(now) + before.Within) - from), now);
            }
        }
        else if (isCanary && (_refusedSentAt - _turn).TotalSeconds >= WindowPlan.RampFrom)
        {
            LookAgain(pair, now);
        }
        else if (isCanary)
        {
            BecomeBucket(_cut);
            _pair = pair;
        }
    }

    /// <summary>
    /// Not at the end of the next minute, when the edge would be found at the same second: at once, by one instance that calls faster and
    /// faster. What fills bit by bit is soon empty again, and holds a call soon after that; a minute that had just turned does not.
    /// </summary>
    private void LookAgain(TurnOfMinute pair, DateTimeOffset now)
    {
        if (ViewAt(now, isExact: false).IsScout)
        {
            (_pair, _looksAgain) = (pair, now);
            RampUp(now);
        }
    }

    private bool LooksAgain(DateTimeOffset now) => _quota.Shape == QuotaShape.Unknown && now - _looksAgain < LooksFor;

    /// <summary>The others are told: a fleet in which the scout of a window waits for that of a bucket finds nothing.</summary>
    private void BelieveNoBucket()
    {
        (_quota, _doubtsShape) = (_quota with { Shape = QuotaShape.Window, Version = _quota.Version + 1 }, true);
        HasNews = true;
    }

    private void BelieveWindow(TurnOfMinute turned, DateTimeOffset now)
    {
        (_quota, _pair) = (_quota with { Shape = QuotaShape.Window }, null);
        Believe(turned, now);
    }
}
