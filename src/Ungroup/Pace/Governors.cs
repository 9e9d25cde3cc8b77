using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Ungroup.Pace;

/// <summary>A governor for each account, region and API that was called lately, or is known to have a quota.</summary>
internal sealed class Governors(IOptions<PaceOptions> options, Func<double> chance)
{
    private readonly ConcurrentDictionary<GateKey, Governor> _governors = new();

    private readonly Lock _sync = new();

    public Governor this[GateKey key] => _governors.TryGetValue(key, out var governor) ? governor : Add(key);

    /// <summary>In the order in which they were first asked, so that what is done with all of them is done in the same order each time.</summary>
    public IReadOnlyList<Governor> All { get; private set; } = [];

    public bool AreShared => options.Value.Shared;

    /// <summary>Of what nobody has asked since then and nothing is known nothing is remembered: a region is any text that a message names.</summary>
    public void Forget(DateTimeOffset then, DateTimeOffset now)
    {
        lock (_sync)
        {
            var idle = All.Where(governor => governor.IsIdleSince(then, now)).ToHashSet();
            if (idle.Count > 0)
            {
                All = [.. All.Where(governor => !idle.Contains(governor))];
                Array.ForEach([.. idle], governor => _governors.TryRemove(governor.Key, out _));
            }
        }
    }

    private Governor Add(GateKey key)
    {
        lock (_sync)
        {
            if (!_governors.TryGetValue(key, out var governor))
            {
                governor = _governors[key] = new(key, options.Value, chance);
                All = [.. All, governor];
            }

            return governor;
        }
    }
}
