namespace Ungroup.Benchmarks;

/// <summary>The samples of one contender, one per round.</summary>
internal sealed class Series
{
    private readonly List<Sample> _samples = [];

    public void Add(Sample sample) => _samples.Add(sample);

    public double Median(Func<Sample, double> of) => MedianOf(_samples.Select(of));

    /// <summary>The median of the ratios within each round: what disturbs a round disturbs both, and drops out.</summary>
    public double Ratio(Series peer, Func<Sample, double> of) => MedianOf(_samples.Zip(peer._samples, (ours, theirs) => of(ours) / of(theirs)));

    public static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
