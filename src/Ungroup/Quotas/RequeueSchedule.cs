namespace Ungroup.Quotas;

/// <summary>When messages that are put off come back: one after the other. Not safe for several threads.</summary>
internal sealed class RequeueSchedule(Func<double> chance)
{
    // A promise is made by what is known now. Whoever is put off for longer than this might come too late for what is known then.
    private static readonly TimeSpan Farthest = TimeSpan.FromMinutes(10);

    // Of a quota that is not known: JoinSecurityGroup has 1,000 calls a minute.
    private const double LikelyPerSecond = 16;

    // Of one that is known to be tiny more comes back than is allowed, so that there is something to look with whether it is still so. No
    // single message is put off again and again for that.
    private const double SlowestPerSecond = 1;
    private static readonly TimeSpan TinyPause = TimeSpan.FromSeconds(10);

    private DateTimeOffset _last;

    /// <summary>How many messages a second come back for a quota, the reserve included, and how much later than they could.</summary>
    public static (double PerSecond, TimeSpan Pause) SpeedOf(QuotaLimit limit)
    {
        var perSecond = limit.Usable / WindowStart.Length.TotalSeconds;
        return limit.IsSought ? (Math.Max(LikelyPerSecond, perSecond), TimeSpan.Zero)
            : limit.Basis == LimitBasis.Measured && perSecond < SlowestPerSecond ? (SlowestPerSecond, TinyPause)
            : (perSecond, TimeSpan.Zero);
    }

    /// <param name="perSecond">How many can be served, from the earliest instant on.</param>
    /// <param name="earliest">Not before.</param>
    public DateTimeOffset Promise(double perSecond, DateTimeOffset earliest)
    {
        _last = (_last > earliest ? _last : earliest) + TimeSpan.FromSeconds(Math.Min(1 / perSecond, Farthest.TotalSeconds));
        return _last - earliest < Farthest ? _last : earliest + (chance() * Farthest);
    }

    /// <summary>The speed has changed so much that promises made by the old one are worth nothing.</summary>
    public void Forget() => _last = default;
}
