using Ungroup.Requests;

namespace Ungroup.Jobs.Selecting;

/// <summary>Sentences for whoever reads a plan before it is done: what of it ECS will refuse, and tags that were most likely meant otherwise.</summary>
internal sealed class PlanWarnings(JobRequest job)
{
    // People may set any number of tags.
    private const int MostSpellings = 10;

    private readonly Kind _unlisted = new();
    private readonly Kind _elsewhere = new();
    private readonly Kind _last = new();
    private readonly SortedDictionary<string, Kind> _otherCases = new(StringComparer.Ordinal);

    public void Add(PlanItem item)
    {
        if (item.Groups is null)
        {
            _unlisted.Add(item.Resource);
        }
        else if (job.SecurityGroup?.Value is { } group)
        {
            (!item.Groups.Contains(group) ? _elsewhere : item.Groups.Count == 1 ? _last : null)?.Add(item.Resource);
        }
    }

    public void Add(FoundMember member)
    {
        if (member.OtherCase is { } key)
        {
            (_otherCases.TryGetValue(key, out var kind) ? kind : _otherCases[key] = new()).Add(member.Resource);
        }
    }

    /// <summary>Null where there is nothing to say. Groups are no news for a restore, which joins them.</summary>
    public IReadOnlyList<string>? Sentences() => job.Action != RequestAction.Restore && Say().ToList() is { Count: > 0 } sentences ? sentences : null;

    private IEnumerable<string> Say()
    {
        if (_unlisted.Count > 0)
        {
            yield return $"{_unlisted}: ECS has not shown that in {job.RegionId}.";
        }

        if (_elsewhere.Count > 0)
        {
            yield return $"{_elsewhere}: not in {job.SecurityGroup}.";
        }

        if (_last.Count > 0)
        {
            yield return $"{_last}: in no other group than {job.SecurityGroup}, and ECS lets nothing out of its last one.";
        }

        foreach (var (key, kind) in _otherCases.Take(MostSpellings))
        {
            yield return $"{kind}: tagged {Shown.Quoted(key)}, which is asked for in another case; keys and values of tags count letter by letter.";
        }

        if (_otherCases.Count > MostSpellings)
        {
            yield return $"{_otherCases.Count - MostSpellings:N0} more spellings of such tags.";
        }
    }

    private sealed class Kind
    {
        private string _first = "";

        public int Count { get; private set; }

        public void Add(string resource) => _first = Count++ == 0 ? resource : _first;

        public override string ToString() => Count == 1 ? _first : $"{Count:N0} resources, the first {_first}";
    }
}
