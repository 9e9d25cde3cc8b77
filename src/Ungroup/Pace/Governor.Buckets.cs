namespace Ungroup.Pace;

/// <summary>A quota that comes back bit by bit: how fast it does shows between two refusals, while nothing is saved up.</summary>
internal sealed partial class Governor
{
    private static readonly TimeSpan BetweenDrains = TimeSpan.FromSeconds(0.15);
    private static readonly TimeSpan ShortLook = TimeSpan.FromSeconds(0.6);
    private static readonly TimeSpan LongLook = TimeSpan.FromSeconds(1.2);
    private static readonly TimeSpan StillEmpty = TimeSpan.FromSeconds(3);

    private const double GentleRamp = 2;
    private const double DrainWeight = 0.3;

    private DateTimeOffset _measuredAt;
    private DateTimeOffset? _alarm;
    private DateTimeOffset _rampFrom;
    private (DateTimeOffset At, double Passed)? _drained;
    private double _ramp = GentleRamp;
    private int _drains;
    private int _zone;

    private PaceRefusal RefusedByBucket(in PaceView view, DateTimeOffset now)
    {
        var isLooking = _quota.IsMeasured
            ? view.Touches && view.Position >= BucketPlan.ScoutFrom
            : _fleet.Rank == 0 || _fleet.Sharing == 1;
        if (!isLooking && _quota.IsMeasured && now - _measuredAt < StillEmpty)
        {
            return new(now + DrainPause, IsUnexpected: false, ByOthers: false);
        }

        if (!isLooking)
        {
            // The scout looks for what is left; everybody else waits for what it finds.
            var known = _quota;
            var byOthers = Alarm(view, now);
            (_alarm, _drained, _ramp, _rampFrom) = (now, null, RampOf(known), now + UntilAllKnow(known));
            if (_fleet.Sharing == 1)
            {
                _drained = (now, PassedSinceStart(view));
            }

            return new(now + (_fleet.Rank == 0 ? DrainPause : AfterAlarm), IsUnexpected: true, byOthers);
        }

        _drains++;
        if (_alarm is not null && now < _rampFrom && !_quota.IsMeasured)
        {
            return new(now + DrainPause, IsUnexpected: false, ByOthers: false);
        }

        LookAtDrained(PassedSinceStart(view), now);
        return new(now + DrainPause, IsUnexpected: false, ByOthers: false);
    }

    /// <summary>It is empty now, as it was when the look began: what has passed between is what has come back.</summary>
    private void LookAtDrained(double total, DateTimeOffset now)
    {
        var shortest = _quota.IsMeasured ? ShortLook : LongLook;
        var isSame = _drained is { } since && since.At >= _turn && now - _cutBefore < 2 * LongLook;
        if (isSame && now - _drained!.Value.At >= shortest && total >= _drained.Value.Passed + 1)
        {
            var perMinute = (total - _drained.Value.Passed) / (now - _drained.Value.At).TotalMinutes;
            if (!OthersDrain(perMinute, now))
            {
                // What a quota that was not known is found by is not the look at the end of this minute, which is still to come.
                (_drains, _zone) = _quota.IsMeasured ? (_drains, _zone) : (0, 0);
                Learn(_quota.Measured(perMinute, DrainWeight));
                (_drained, _measuredAt, _pair) = (null, now, null);
                return;
            }

            isSame = false;
        }

        // From here on nothing is saved up. Of others' calls only those of this minute are known.
        _drained = isSame ? _drained : (now, total);
        (_ramp, _rampFrom) = (Math.Max(GentleRamp, _speedAtCut / 2), now);
    }

    /// <summary>The longer a bucket stays empty, the longer it is left alone: a small one holds a call again only after seconds.</summary>
    private TimeSpan DrainPause => BetweenDrains * (1 << Math.Clamp(_refusalsInARow - 1, 0, 3));

    /// <summary>Where to begin to look for what is left of a quota: low enough for one that has fallen to a tenth.</summary>
    private static double RampOf(QuotaKnowledge known) => Math.Max(GentleRamp, known.PerSecond / 10);

    /// <summary>Others are silent once they are refused as well, which takes most of them a call or two.</summary>
    private TimeSpan UntilAllKnow(QuotaKnowledge known)
    {
        var others = _fleet.Sharing - 1;
        var calls = 2 * others / Math.Max(1, known.PerSecond * (1 - _options.Reserve));
        return others == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(AfterAlarm.TotalSeconds + calls, NoBucket.TotalSeconds / 2));
    }

    /// <summary>So little has passed that others, who have not heard yet, must have taken most of what came back.</summary>
    private bool OthersDrain(double perMinute, DateTimeOffset now) =>
        perMinute < _quota.PerMinute / 4 && _fleet.Sharing > 1 && (_quota.IsMeasured || now - _alarm < NoBucket);

    private void BecomeBucket(DateTimeOffset drainedAt)
    {
        // Whatever somebody measures in this minute by taking it for a window counts less than this.
        _quota = _quota with { Shape = QuotaShape.Bucket, Version = _quota.Version + 2 };
        (_drained, _doubtsShape, _pair) = (null, false, null);
        RampUp(drainedAt + Canary);
        HasNews = true;
    }

    /// <summary>Slower than what was refused, and then twice as fast every second.</summary>
    private void RampUp(DateTimeOffset from) =>
        (_ramp, _rampFrom) = (Math.Max(GentleRamp, double.IsFinite(_speedAtCut) ? _speedAtCut / 8 : GentleRamp), from);

    /// <summary>The scout called faster than the bucket was believed to fill, and could not empty it twice: it fills faster.</summary>
    private void LookedInVain()
    {
        var looked = _zone > 2 * _quota.PerSecond;
        if (_quota is { IsMeasured: true, Shape: QuotaShape.Bucket } && looked && _drains < 2)
        {
            Learn(_quota.Next(QuotaBasis.AtLeast, _quota.PerMinute));
            (_ramp, _rampFrom) = (_quota.PerSecond, _turn);
        }

        _drained = _quota.IsMeasured ? null : _drained;
        (_drains, _zone) = (0, 0);
    }
}
