namespace Ungroup.Benchmarks.Pace.Measures;

/// <summary>A contender in a scenario: its figures over all seeds.</summary>
internal sealed record Row(Contender Contender, Scenario Scenario, IReadOnlyList<Figures> Seeds)
{
    /// <summary>The share used of what its reserve leaves of the quota.</summary>
    public double OfTarget(Share share) => share.Used / (1 - Contender.Reserve);

    public double Mean(Func<Figures, double> of) => Seeds.Average(of);

    public int Sum(Func<Figures, int> of) => Seeds.Sum(of);

    /// <summary>The longest of all seeds; null where there is none, infinite if it is in any.</summary>
    public TimeSpan? Longest(Func<Figures, TimeSpan?> of) =>
        Seeds.Select(of).Any(time => time == Timeout.InfiniteTimeSpan) ? Timeout.InfiniteTimeSpan : Seeds.Max(of);
}
