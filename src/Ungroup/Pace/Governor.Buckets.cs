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
            var byOthers = Alarm(view);
            (_alarm, _drained, _ramp, _rampFrom) = (now, null, GentleRamp, now + AfterAlarm);
            return new(now + AfterAlarm, IsUnexpected: true, byOthers);
        }

        _drains++;
        var total = PassedSinceStart(view);
        var shortest = _quota.IsMeasured ? ShortLook : LongLook;
        if (_drained is { } since && now - _cutBefore < 2 * LongLook && now - since.At >= shortest && total > since.Passed)
        {
            Learn(_quota.Measured((total - since.Passed) / (now - since.At).TotalMinutes, DrainWeight));
            (_drained, _measuredAt) = (null, now);
        }
        else if (_drained is null || now - _cutBefore >= 2 * LongLook)
        {
            // From here on nothing is saved up, so what passes is what comes back.
            _drained = (now, total);
            (_ramp, _rampFrom) = (Math.Max(GentleRamp, _speedAtCut / 2), now);
        }

        return new(now + DrainPause, IsUnexpected: false, ByOthers: false);
    }

    /// <summary>The longer a bucket stays empty, the longer it is left alone: a small one holds a call again only after seconds.</summary>
    private TimeSpan DrainPause => BetweenDrains * (1 << Math.Clamp(_refusalsInARow - 1, 0, 3));

    private void BecomeBucket(DateTimeOffset drainedAt)
    {
        _quota = _quota with { Shape = QuotaShape.Bucket };
        _drained = null;
        (_ramp, _rampFrom) = (Math.Max(GentleRamp, double.IsFinite(_speedAtCut) ? _speedAtCut / 8 : GentleRamp), drainedAt + Canary);
        HasNews = true;
    }

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
