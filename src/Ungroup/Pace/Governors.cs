using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Ungroup.Pace;

/// <summary>A governor for each account, region and API that was ever called.</summary>
internal sealed class Governors(IOptions<PaceOptions> options, Func<double> chance)
{
    private readonly ConcurrentDictionary<GateKey, Governor> _governors = new();

    private readonly Lock _sync = new();

    public Governor this[GateKey key] => _governors.TryGetValue(key, out var governor) ? governor : Add(key);

    /// <summary>In the order in which they were first asked, so that what is done with all of them is done in the same order each time.</summary>
    public IReadOnlyList<Governor> All { get; private set; } = [];

    public bool AreShared => options.Value.Shared;

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
