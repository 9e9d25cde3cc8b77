namespace Ungroup.Quotas;

/// <summary>The quotas of removals that were used lately: as many as are called now, however many ever were.</summary>
internal sealed class QuotasInUse
{
    private readonly Lock _sync = new();
    private readonly List<QuotaLimiter> _inOrder = [];
    private readonly HashSet<QuotaLimiter> _known = [];

    /// <summary>It has been used, or is about to be.</summary>
    public void Note(QuotaLimiter limiter)
    {
        lock (_sync)
        {
            if (limiter.Key.Action == ReceiveBudget.Removal && _known.Add(limiter))
            {
                _inOrder.Add(limiter);
            }
        }
    }

    /// <summary>Those that are used still; null where there are more. The others are forgotten until they are used again.</summary>
    public IReadOnlyList<QuotaLimiter>? UpTo(int most, TimeSpan lately)
    {
        lock (_sync)
        {
            var used = new List<QuotaLimiter>();
            for (var place = _inOrder.Count - 1; place >= 0 && used.Count <= most; place--)
            {
                if (_inOrder[place].IsUsed(lately))
                {
                    used.Add(_inOrder[place]);
                    continue;
                }

                _known.Remove(_inOrder[place]);
                _inOrder[place] = _inOrder[^1];
                _inOrder.RemoveAt(_inOrder.Count - 1);
            }

            return used.Count > most ? null : used;
        }
    }
}
