namespace Ungroup.Pace;

/// <summary>How a quota comes back: all of it when a minute turns, or bit by bit.</summary>
internal enum QuotaShape
{
    Unknown,
    Window,
    Bucket,
}

/// <summary>What a number stands on.</summary>
internal enum QuotaBasis
{
    Nothing,

    /// <summary>So much has passed and nothing was refused: there may be more.</summary>
    AtLeast,

    /// <summary>So much had passed when a call was refused that should not have been: there is less now.</summary>
    AtMost,

    /// <summary>So much passed between two refusals, or was told.</summary>
    Measured,
}

/// <summary>What is known of a quota. The fleet shares it: each one that was learned from another replaces it everywhere.</summary>
/// <param name="PerMinute">Calls a minute that are there for us, the reserve included.</param>
/// <param name="Basis">What <paramref name="PerMinute"/> stands on.</param>
/// <param name="Shape">How it comes back.</param>
/// <param name="Version">One more than what it was learned from.</param>
internal sealed record QuotaKnowledge(double PerMinute, QuotaBasis Basis, QuotaShape Shape, int Version)
{
    public static readonly QuotaKnowledge Nothing = new(0, QuotaBasis.Nothing, QuotaShape.Unknown, 0);

    private const double SmallStep = 0.15;
    private const double Least = 1;

    public bool IsMeasured => Basis == QuotaBasis.Measured;

    public double PerSecond => PerMinute / WindowPlan.Length;

    /// <summary>What is measured differs a little from minute to minute, because others come and go. A large step is a new quota.</summary>
    public bool IsCloseTo(double perMinute) => Math.Abs(perMinute - PerMinute) < SmallStep * PerMinute;

    /// <summary>Of two that were learned apart, a measured one counts more than what led to it.</summary>
    public bool Replaces(QuotaKnowledge other) => Version > other.Version || (Version == other.Version && Basis > other.Basis);

    /// <param name="perMinute">What was measured now.</param>
    /// <param name="weight">How much of it counts where it is close to what was known: 0 to 1.</param>
    public QuotaKnowledge Measured(double perMinute, double weight)
    {
        // A quota of nothing would never be called again, and so never be found to have come back.
        var measured = Math.Max(Least, perMinute);
        return Next(QuotaBasis.Measured, IsMeasured && IsCloseTo(measured) ? PerMinute + (weight * (measured - PerMinute)) : measured);
    }

    public QuotaKnowledge Next(QuotaBasis basis, double perMinute) => this with { PerMinute = perMinute, Basis = basis, Version = Version + 1 };
}
