using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Requests;

namespace Ungroup.Tests.Quotas;

/// <summary>The limiters of one instance, and calls that are answered in the same instant.</summary>
internal static class SomeLimiters
{
    public static QuotaLimiters New(TimeProvider clock, PaceOptions? options = null, string name = "one") =>
        new(Options.Create(options ?? new()), new(name), () => 0.5, clock, NullLogger<QuotaLimiters>.Instance);

    /// <summary>Those of an instance that was told the quota of removals.</summary>
    public static QuotaLimiters Told(TimeProvider clock, int calls) => New(clock, new() { Quotas = { ["LeaveSecurityGroup"] = calls } });

    /// <summary>A call that passes, where there is a permit for it.</summary>
    public static bool TryCall(this QuotaLimiters limiters, QuotaKey key, Origin origin = Origin.Upstream)
    {
        using var permit = limiters.TryTake(new(key.Account, key.RegionId, key.Action, origin), out _);
        permit?.Sending();
        permit?.Passed();
        return permit is not null;
    }

    /// <summary>A call that is refused, where there is a permit for it.</summary>
    public static (QuotaWait Closed, bool ByOthers)? Refuse(this QuotaLimiters limiters, QuotaKey key, TimeSpan? hint = null)
    {
        using var permit = limiters.TryTake(new(key.Account, key.RegionId, key.Action), out _);
        permit?.Sending();
        return permit?.Throttled(hint, "Throttling.User");
    }

    /// <summary>Another instance has measured the quota, and when its windows start.</summary>
    public static void Know(this QuotaLimiter limiter, int calls, WindowStart? start = null, params MemberReport[] members) =>
        limiter.Hear(members, new(new(calls, LimitBasis.Measured, 7, default), start ?? SomeQuota.Found));

    /// <summary>Another instance that was refused.</summary>
    public static MemberReport Refused(string id, WindowStart start, DateTimeOffset now, bool isHit = true, DateTimeOffset? closedUntil = null)
    {
        var window = WindowTally.Of(start.WindowOf(now), isWhole: false);
        var said = new QuotaReport(SomeQuota.Key, Wants: false, now, QuotaEstimate.Nothing with { Start = start }, window with { Hit = isHit }, window, closedUntil);
        return new(id, Wants: false, said);
    }

    /// <summary>Another instance that has work for the quota.</summary>
    public static MemberReport Member(string id) => new(id, Wants: true, Said: null);
}
