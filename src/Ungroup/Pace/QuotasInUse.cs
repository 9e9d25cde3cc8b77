namespace Ungroup.Pace;

/// <summary>The quotas of removals that were used lately: as many as are called now, however many ever were.</summary>
internal sealed class QuotasInUse
{
    private readonly Lock _sync = new();
    private readonly List<Governor> _governors = [];

    /// <summary>It has been used, or is about to be.</summary>
    public void Note(Governor governor)
    {
        if (governor.IsInUse || governor.Key.Action != ReceiveRoom.Removal)
        {
            return;
        }

        lock (_sync)
        {
            if (!governor.IsInUse)
            {
                governor.IsInUse = true;
                _governors.Add(governor);
            }
        }
    }

    /// <summary>Those that are used still; null where there are more. The others are forgotten until they are used again.</summary>
    public IReadOnlyList<Governor>? UpTo(int most, TimeSpan lately, DateTimeOffset now)
    {
        lock (_sync)
        {
            var used = new List<Governor>();
            for (var place = _governors.Count - 1; place >= 0 && used.Count <= most; place--)
            {
                if (_governors[place].IsUsed(lately, now))
                {
                    used.Add(_governors[place]);
                    continue;
                }

                _governors[place].IsInUse = false;
                _governors[place] = _governors[^1];
                _governors.RemoveAt(_governors.Count - 1);
            }

            return used.Count > most ? null : used;
        }
    }
}
