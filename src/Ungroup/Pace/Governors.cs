using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Ungroup.Pace;

/// <summary>A governor for each account, region and API that was called lately, or is known to have a quota.</summary>
internal sealed class Governors(IOptions<PaceOptions> options, Func<double> chance)
{
    private readonly ConcurrentDictionary<QuotaKey, Governor> _governors = new();

    private readonly Lock _sync = new();
    private readonly List<Governor> _inOrder = [];
    private IReadOnlyList<Governor>? _all;

    public Governor this[QuotaKey key] => _governors.TryGetValue(key, out var governor) ? governor : Add(key);

    /// <summary>In the order in which they were first asked, so that what is done with all of them is done in the same order each time.</summary>
    public IReadOnlyList<Governor> All
    {
        get
        {
            lock (_sync)
            {
                return _all ??= [.. _inOrder];
            }
        }
    }

    public QuotasInUse InUse { get; } = new();

    public bool AreShared => options.Value.Shared;

    /// <summary>Of what nobody has asked since then and nothing is known nothing is remembered: a region is any text that a message names.</summary>
    public void Forget(DateTimeOffset then, DateTimeOffset now)
    {
        lock (_sync)
        {
            var idle = _inOrder.Where(governor => governor.IsIdleSince(then, now)).ToHashSet();
            _inOrder.RemoveAll(idle.Contains);
            _all = null;
            Array.ForEach([.. idle], governor => _governors.TryRemove(governor.Key, out _));
        }
    }

    private Governor Add(QuotaKey key)
    {
        lock (_sync)
        {
            if (!_governors.TryGetValue(key, out var governor))
            {
                governor = _governors[key] = new(key, options.Value, chance, InUse);
                _inOrder.Add(governor);
                _all = null;
            }

            return governor;
        }
    }
}
