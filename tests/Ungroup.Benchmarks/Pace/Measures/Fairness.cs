namespace Ungroup.Benchmarks.Pace.Measures;

/// <summary>How evenly a fleet shares.</summary>
internal static class Fairness
{
    /// <summary>Jain's index: (Σx)² ÷ (n Σx²). 1 when all get the same, 1/n when one gets everything.</summary>
    public static double Jain(IReadOnlyCollection<int> shares)
    {
        var (sum, squares) = (shares.Sum(share => (double)share), shares.Sum(share => (double)share * share));
        return squares == 0 ? double.NaN : sum * sum / (shares.Count * squares);
    }
}
