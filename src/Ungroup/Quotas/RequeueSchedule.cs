using Ungroup.Messages;
using Ungroup.Quotas.Windows;

namespace Ungroup.Quotas;

/// <summary>When messages that are put off come back: one after the other, and incidents, which also have the reserve, not behind the others. Not safe for several threads.</summary>
internal sealed class RequeueSchedule(double reserve, Func<double> chance)
{
    // A promise is made by what is known now. A request that is put off for longer than this might come too late for what is known then.
    private static readonly TimeSpan Farthest = TimeSpan.FromMinutes(10);

    // Of a quota that is not known: JoinSecurityGroup has 1,000 calls a minute.
    private const double LikelyPerSecond = 16;

    private DateTimeOffset _last;
    private DateTimeOffset _lastIncident;

    public DateTimeOffset Promise(QuotaLimit limit, int sharing, Origin origin, DateTimeOffset earliest)
    {
        var perSecond = limit.Usable / WindowStart.Length.TotalSeconds;
        perSecond = limit.IsExact ? perSecond : Math.Max(LikelyPerSecond, perSecond);
        return origin == Origin.Incident
            ? Promise(ref _lastIncident, perSecond / sharing, earliest)
            : Promise(ref _last, perSecond * (1 - reserve) / sharing, earliest);
    }

    /// <summary>The speed has changed so much that promises made by the old one are worth nothing.</summary>
    public void Forget() => (_last, _lastIncident) = (default, default);

    private DateTimeOffset Promise(ref DateTimeOffset last, double perSecond, DateTimeOffset earliest)
    {
        last = (last > earliest ? last : earliest) + TimeSpan.FromSeconds(Math.Min(1 / perSecond, Farthest.TotalSeconds));
        return last - earliest < Farthest ? last : earliest + (chance() * Farthest);
    }
}
