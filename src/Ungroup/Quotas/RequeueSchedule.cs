using Ungroup.Messages;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas;

/// <summary>When messages that are put off come back: one after the other, and incidents not behind the others. Not safe for several threads.</summary>
/// <param name="reserve">The share of a quota that only incidents come back for.</param>
/// <param name="chance">0 to 1.</param>
internal sealed class RequeueSchedule(double reserve, Func<double> chance)
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
    private DateTimeOffset _lastIncident;

    /// <param name="limit">What is known of the quota.</param>
    /// <param name="sharing">Among how many instances the messages that come back are divided.</param>
    /// <param name="origin">Whose message.</param>
    /// <param name="earliest">Not before.</param>
    public DateTimeOffset Promise(QuotaLimit limit, int sharing, Origin origin, DateTimeOffset earliest)
    {
        var (perSecond, pause) = SpeedOf(limit);
        return origin == Origin.Incident
            ? Promise(ref _lastIncident, perSecond / sharing, earliest + pause)
            : Promise(ref _last, perSecond * (1 - reserve) / sharing, earliest + pause);
    }

    /// <summary>The speed has changed so much that promises made by the old one are worth nothing.</summary>
    public void Forget() => (_last, _lastIncident) = (default, default);

    private DateTimeOffset Promise(ref DateTimeOffset last, double perSecond, DateTimeOffset earliest)
    {
        last = (last > earliest ? last : earliest) + TimeSpan.FromSeconds(Math.Min(1 / perSecond, Farthest.TotalSeconds));
        return last - earliest < Farthest ? last : earliest + (chance() * Farthest);
    }

    /// <summary>How many messages a second come back for a quota, the reserve included, and how much later than they could.</summary>
    private static (double PerSecond, TimeSpan Pause) SpeedOf(QuotaLimit limit)
    {
        var perSecond = limit.Usable / WindowStart.Length.TotalSeconds;
        return limit.IsSought ? (Math.Max(LikelyPerSecond, perSecond), TimeSpan.Zero)
            : limit.Basis == LimitBasis.Measured && perSecond < SlowestPerSecond ? (SlowestPerSecond, TinyPause)
            : (perSecond, TimeSpan.Zero);
    }
}
