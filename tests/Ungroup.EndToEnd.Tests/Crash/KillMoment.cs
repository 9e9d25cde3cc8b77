namespace Ungroup.EndToEnd.Tests.Crash;

internal enum Victim
{
    Worker,
    Broker,
}

/// <summary>The process that is killed, and after how many calls to ECS.</summary>
internal sealed record KillMoment(int AfterCalls, Victim Victim)
{
    /// <summary>As many moments as victims, early and late ones included, the same for the same seed.</summary>
    public static IReadOnlyList<KillMoment> Of(int seed, int requests, params IReadOnlyList<Victim> victims)
    {
        // Multiples of the golden ratio spread over the whole run, however many seeds there are.
        var moments = victims.Select((_, n) => 1 + (int)(((((seed * victims.Count) + n) * 0.6180339887) + 0.25) % 1.0 * (requests * 1.1))).Order();
        return [.. moments.Zip(victims, (moment, victim) => new KillMoment(moment, victim))];
    }

    public override string ToString() => $"{Victim} after {AfterCalls} calls";
}
