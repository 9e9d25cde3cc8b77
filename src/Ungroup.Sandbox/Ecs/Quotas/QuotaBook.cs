using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>A meter for each account, region and action that calls. The first quota that covers a call counts it.</summary>
internal sealed class QuotaBook(IReadOnlyList<Quota> quotas, DateTimeOffset start)
{
    private readonly ConcurrentDictionary<(string Account, string RegionId, string Action), QuotaMeter> _meters = [];

    /// <summary>Null when the call is within its quota; otherwise how the caller is told.</summary>
    public Excess? Count(string account, string regionId, string action, DateTimeOffset now) =>
        Covering(account, regionId, action) is { } quota
            ? _meters.GetOrAdd((account, regionId, action), key => new QuotaMeter(quota, start, ChanceOf(quota, key))).Count(now)
            : null;

    public IReadOnlyList<QuotaUse> Snapshot(DateTimeOffset now) =>
    [
        .. _meters
            .OrderBy(meter => meter.Key)
            .Select(meter => meter.Value.Read(now) with { Account = meter.Key.Account, RegionId = meter.Key.RegionId }),
    ];

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

    /// <summary>Its own for each meter, so that what comes first in one changes nothing in another.</summary>
    private static Func<double> ChanceOf(Quota quota, (string Account, string RegionId, string Action) key)
    {
        var name = Encoding.UTF8.GetBytes($"{quota.Others?.Seed}|{key.Account}|{key.RegionId}|{key.Action}");
        return new Random(BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(name))).NextDouble;
    }
}
