namespace Ungroup.Ecs.Containment;

/// <summary>
/// Holds what one delivery has done to an interface so far against each look: a change that ECS has acknowledged shows after a while, and one
/// that has shown and is gone was undone by somebody.
/// </summary>
internal sealed class InterfaceState
{
    // At one to two seconds between looks: a read that lags longer than this is as good as a change undone.
    private const int MostLooks = 10;
    private const int MostUndone = 2;

    private readonly Dictionary<string, Expected> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _refusals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _sentences = new(StringComparer.Ordinal);
    private bool _isFull;
    private int _undone;

    /// <summary>Others have undone a change of ours, and then again.</summary>
    public bool IsFoughtOver => _undone >= MostUndone;

    public string? SentenceOf(string? group) => group is null ? null : _sentences.GetValueOrDefault(group) ?? _sentences.GetValueOrDefault(WantedGroups.WholeSet);

    public SeenGroups Seen(IReadOnlyList<string> groups) => new(groups, _refusals, _isFull);

    /// <summary>False while an acknowledged change does not show yet.</summary>
    public bool Look(IReadOnlyList<string> groups)
    {
        var (shows, isUndone) = (true, false);
        foreach (var (group, expected) in _expected.ToList())
        {
            if (groups.Contains(group, StringComparer.Ordinal) == expected.IsMember)
            {
                _expected[group] = expected with { HasShown = true };
            }
            else if (expected.HasShown || expected.Looks >= MostLooks)
            {
                _expected.Remove(group);
                isUndone = true;
            }
            else
            {
                _expected[group] = expected with { Looks = expected.Looks + 1 };
                shows = false;
            }
        }

        // A whole set that is put back was undone once, however many groups that is; so was one that a lagging read does not show.
        _undone += isUndone ? 1 : 0;
        return shows;
    }

    public void Joined(string group) => _expected[group] = new(IsMember: true);

    public void Left(string group)
    {
        _expected[group] = new(IsMember: false);
        _isFull = false;
    }

    public void Refused(string group, string code, string sentence)
    {
        _refusals[group] = code;
        _sentences[group] = sentence;
    }

    public void Full(string group, string sentence)
    {
        _isFull = true;
        _sentences[group] = sentence;
    }

    private sealed record Expected(bool IsMember, bool HasShown = false, int Looks = 0);
}
