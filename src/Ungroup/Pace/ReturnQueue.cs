namespace Ungroup.Pace;

/// <summary>Work that is put off, and when each piece of it should come back: one after the other. Not safe for several threads.</summary>
internal sealed class ReturnQueue(Func<double> chance)
{
    // A promise is made by what is known now. Whoever is put off for longer than this might come too late for what is known then.
    private static readonly TimeSpan Farthest = TimeSpan.FromMinutes(10);

    private DateTimeOffset _last;

    /// <param name="perSecond">How many can be served, from the earliest instant on.</param>
    /// <param name="earliest">Not before.</param>
    public DateTimeOffset Promise(double perSecond, DateTimeOffset earliest)
    {
        _last = (_last > earliest ? _last : earliest) + TimeSpan.FromSeconds(Math.Min(1 / perSecond, Farthest.TotalSeconds));
        return _last - earliest < Farthest ? _last : earliest + (chance() * Farthest);
    }

    /// <summary>The speed has changed so much that promises made by the old one are worth nothing.</summary>
    public void Forget() => _last = default;
}
