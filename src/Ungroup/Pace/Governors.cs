using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Ungroup.Pace;

/// <summary>A governor for each account, region and API that was ever called.</summary>
internal sealed class Governors(IOptions<PaceOptions> options, Func<double> chance)
{
    private readonly ConcurrentDictionary<GateKey, Governor> _governors = new();

    public Governor this[GateKey key] =>
        _governors.GetOrAdd(key, static (key, made) => new(key, made.options.Value, made.chance), (options, chance));

    public IEnumerable<Governor> All => _governors.Values;

    public bool AreShared => options.Value.Shared;
}
