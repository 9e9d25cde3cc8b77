namespace Ungroup.Pace;

/// <summary>What a governor tells the other instances, and takes from them.</summary>
internal sealed partial class Governor
{
    /// <summary>Null where there is nothing worth telling: nobody has asked for long.</summary>
    public PaceReport? Report(DateTimeOffset now)
    {
        lock (_sync)
        {
            if (_lastAsked == default || now - _lastAsked > 4 * Minute)
            {
                return null;
            }

            Advance(now);
            return new(
                Key, now - Later(_lastAsked, _heldBack) < WorkIsOver, _tally.MinuteStart, _tally.Passed, _tally.PassedBefore, _tally.TouchedBefore, _quota, _believed);
        }
    }

    /// <summary>Whether there are news, which are about to be told; what is learned from now on is news again.</summary>
    public bool TakeNews()
    {
        lock (_sync)
        {
            (var had, HasNews) = (HasNews, false);
            return had;
        }
    }

    /// <summary>What was taken could not be told: it is news still.</summary>
    public void KeepNews()
    {
        lock (_sync)
        {
            HasNews = true;
        }
    }

    /// <summary>What the others have said.</summary>
    /// <param name="fleet">Those who are alive, or were a moment ago.</param>
    /// <param name="learned">The latest that was learned, also by those who are gone.</param>
    /// <param name="turn">The latest that was found of when its minutes turn.</param>
    /// <param name="now">This instant.</param>
    public void Hear(FleetView fleet, QuotaKnowledge? learned, TurnOfMinute? turn, DateTimeOffset now)
    {
        lock (_sync)
        {
            Advance(now);
            HearOf(fleet, (now - _turn).TotalSeconds);

            // The turn first: what others have measured they measured by it, and what was measured here was not.
            HearOfTurn(turn, now);
            if (learned is not null && learned.Replaces(_quota))
            {
                Adopt(learned, now);
            }

            var others = fleet.Others.Where(member => member.Wants || member.PassedBefore > 0).ToList();
            if (_minuteIsOpen && !_seeksTurn && fleet.Rank == 0 && now >= _turn + LastReports)
            {
                var before = others.Where(IsThisMinute).ToList();
                if (fleet.StoreWasAway && others.Exists(member => member.Wants && !IsThisMinute(member)))
                {
                    // What somebody has passed and could not say would be missing, and the quota be measured far too small.
                    return;
                }

                CloseMinute(_tally.PassedBefore + before.Sum(member => member.PassedBefore), _tally.TouchedBefore || before.Exists(member => member.TouchedBefore));
            }
        }
    }

    private void HearOf(FleetView fleet, double position)
    {
        var known = OthersPassed(position);
        _fleet = fleet;
        if (_drained is { } since)
        {
            // What is heard of only now has not passed since a look began.
            _drained = since with { Passed = since.Passed + OthersPassed(position) - known };
        }
    }

    private void Adopt(QuotaKnowledge other, DateTimeOffset now)
    {
        // What was a window here has never been ramped into: that would go on from long ago, thousands of times as fast as it began.
        var becomesBucket = other.Shape == QuotaShape.Bucket && _quota.Shape != QuotaShape.Bucket;
        if (other.Basis == QuotaBasis.AtMost && (_quota.Basis != QuotaBasis.AtMost || becomesBucket))
        {
            (_alarm, _drained, _ramp, _rampFrom) = (now, null, GentleRamp, now);
        }
        else if (other.Basis == QuotaBasis.Nothing && becomesBucket)
        {
            (_drained, _ramp, _rampFrom) = (null, GentleRamp, now);
        }
        else if (other.Basis == QuotaBasis.AtLeast)
        {
            (_drained, _ramp, _rampFrom) = (null, Math.Max(GentleRamp, other.PerSecond), now);
        }

        // What was a bucket here may have looked like a window to somebody else.
        _doubtsShape |= _quota.Shape == QuotaShape.Bucket && other.Shape == QuotaShape.Window;

        _pair = other.Shape == QuotaShape.Bucket && other.IsMeasured ? null : _pair;

        // Who does not know the shape does not know better. What others know is no news; what they do not know yet still is.
        var hadNews = HasNews;
        Learn(other with { PerMinute = Math.Min(other.PerMinute, _told), Shape = other.Shape == QuotaShape.Unknown ? _quota.Shape : other.Shape });
        HasNews = hadNews;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private bool IsThisMinute(FleetMember member) => (member.MinuteStart - _turn).Duration() < SmallMove;
}

/// <summary>What an instance says of one quota. Instants are its own.</summary>
internal sealed record PaceReport(
    QuotaKey Key, bool Wants, DateTimeOffset MinuteStart, int Passed, int PassedBefore, bool TouchedBefore, QuotaKnowledge Quota, TurnOfMinute Turn);
