namespace Ungroup.Simulation.Time;

/// <summary>All chance of a seed: SplitMix64, the same on every machine and every runtime.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Hits(double probability) => NextDouble() < probability;

    public int Below(int count) => (int)(Next() % (ulong)count);

    public int Between(int least, int most) => least + Below(most - least + 1);

    public T Pick<T>(params ReadOnlySpan<T> among) => among[Below(among.Length)];

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + TimeSpan.FromTicks((long)(NextDouble() * (most - least).Ticks));

    public TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(Between(least, most));

    public TimeSpan Seconds(double least, double most) => TimeSpan.FromSeconds(least + (NextDouble() * (most - least)));

    /// <summary>Another stream of chance, so that what one part of the world draws does not move what another one does.</summary>
    public Chance Fork() => new(Next());

    private ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
