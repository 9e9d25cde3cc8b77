namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>Counts calls in fixed windows aligned to the wall clock. The first quota that covers a call counts it.</summary>
internal sealed class QuotaBook(IReadOnlyList<Quota> quotas)
{
    private sealed class Meter
    {
        public long Window { get; set; }

        public int Used { get; set; }

        public long Refused { get; set; }
    }

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Account, string RegionId, string Action), Meter> _meters = [];

    /// <summary>Null when the call is within its quota; otherwise how the caller is told.</summary>
    public Excess? Count(string account, string regionId, string action, DateTimeOffset now)
    {
        if (Covering(account, regionId, action) is not { } quota)
        {
            return null;
        }

        var length = quota.PerSeconds * 1000L;
        var window = now.ToUnixTimeMilliseconds() / length;
        lock (_gate)
        {
            if (!_meters.TryGetValue((account, regionId, action), out var meter))
            {
                _meters.Add((account, regionId, action), meter = new Meter());
            }

            if (meter.Window != window)
            {
                (meter.Window, meter.Used) = (window, 0);
            }

            if (meter.Used < quota.Calls)
            {
                meter.Used++;
                return null;
            }

            meter.Refused++;
        }

        var untilNext = ((window + 1) * length) - now.ToUnixTimeMilliseconds();
        return new Excess(quota.Hints ? TimeSpan.FromMilliseconds(untilNext) : null);
    }

    public IReadOnlyList<QuotaUse> Snapshot(DateTimeOffset now)
    {
        lock (_gate)
        {
            return [.. _meters.Select(meter => Use(meter.Key.Account, meter.Key.RegionId, meter.Key.Action, meter.Value, now))];
        }
    }

    private QuotaUse Use(string account, string regionId, string action, Meter meter, DateTimeOffset now)
    {
        var quota = Covering(account, regionId, action)!;
        var current = meter.Window == now.ToUnixTimeMilliseconds() / (quota.PerSeconds * 1000L);
        return new QuotaUse(action, account, regionId, quota.Calls, quota.PerSeconds, current ? meter.Used : 0, meter.Refused);
    }

    private Quota? Covering(string account, string regionId, string action)
    {
        foreach (var quota in quotas)
        {
            if (quota.Covers(action, account, regionId))
            {
                return quota;
            }
        }

        return null;
    }
}

/// <summary>A call too many; newer gateways say when to come back, older ones do not.</summary>
internal sealed record Excess(TimeSpan? RetryAfter);
