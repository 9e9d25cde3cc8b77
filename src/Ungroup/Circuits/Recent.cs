namespace Ungroup.Circuits;

/// <summary>The latest that happened, each thing once, and no more of them than is worth looking through. Not safe for several threads.</summary>
internal sealed class Recent<T>(int most, TimeSpan lately)
    where T : IEquatable<T>
{
    private readonly List<(T What, DateTimeOffset At)> _latest = [];

    public void Add(T what, DateTimeOffset now)
    {
        var known = _latest.FindLastIndex(one => one.What.Equals(what));
        if (known >= 0)
        {
            _latest.RemoveAt(known);
        }
        else if (_latest.Count == most)
        {
            _latest.RemoveAt(0);
        }

        _latest.Add((what, now));
    }

    public void Remove(Predicate<T> which) => _latest.RemoveAll(one => which(one.What));

    public bool Any(Predicate<T> which, DateTimeOffset now) => _latest.Exists(one => which(one.What) && IsRecent(one.At, now));

    public IReadOnlyList<T> All(Predicate<T> which, DateTimeOffset now) =>
        [.. _latest.Where(one => which(one.What) && IsRecent(one.At, now)).Select(one => one.What)];

    private bool IsRecent(DateTimeOffset at, DateTimeOffset now) => now - at < lately;
}
