namespace Ungroup.Benchmarks.Pace.Quotas;

/// <summary>The quota of a run: a number of calls per minute of the clock, or a bucket; and when it changes.</summary>
/// <param name="Shape">How it is counted.</param>
/// <param name="PerSecond">Calls a second at first, on average: 50 is 3,000 per minute in a window, or 50/s into a bucket.</param>
/// <param name="Steps">When it changes, and to how many calls a second; in order.</param>
internal sealed record QuotaPlan(QuotaShape Shape, int PerSecond, IReadOnlyList<QuotaStep> Steps)
{
    /// <summary>The length of a window: a minute.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    /// <summary>The calls in a full bucket, whatever flows into it.</summary>
    public const int Burst = 50;

    /// <summary>By how much later than the clock's minute a window turns.</summary>
    public TimeSpan TurnsLate { get; init; }

    /// <summary>Calls a second at a time.</summary>
    public int At(DateTimeOffset time) => Steps.LastOrDefault(step => step.At <= time)?.PerSecond ?? PerSecond;

    /// <summary>Calls that the quota allows in a stretch, by time alone.</summary>
    public double Within(Stretch stretch)
    {
        DateTimeOffset[] edges = [stretch.From, .. Steps.Select(step => step.At).Where(stretch.Holds), stretch.To];
        return edges.Zip(edges.Skip(1), (from, to) => At(from) * (to - from).TotalSeconds).Sum();
    }

    public Quota Open(DateTimeOffset start) => Shape == QuotaShape.Window ? new WindowQuota(PerSecond * 60, TurnsLate) : new BucketQuota(PerSecond, Burst, start);
}

internal enum QuotaShape
{
    Window,
    Bucket,
}

internal sealed record QuotaStep(DateTimeOffset At, int PerSecond);
