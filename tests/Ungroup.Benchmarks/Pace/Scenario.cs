using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>A contender is put into one.</summary>
internal sealed record Scenario(QuotaShape Shape, int PerSecond, int Instances)
{
    /// <summary>The quota falls to this in a scenario with steps, before it rises to what it was.</summary>
    public const int Low = 10;

    private const int Windows = 10;
    private static readonly TimeSpan StepIntoMinute = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Phase = TimeSpan.FromMinutes(6);

    /// <summary>Whether a refusal says how long to wait.</summary>
    public bool Hints { get; init; }

    /// <summary>Whether other tenants take a fifth.</summary>
    public bool Others { get; init; }

    /// <summary>Whether the quota falls and rises.</summary>
    public bool Steps { get; init; }

    /// <summary>By how many seconds later than the clock's minute a window turns.</summary>
    public int Late { get; init; }

    public string Name => (Steps ? "steps" : Others ? "others" : "alone") + (Late > 0 ? $", {Late} s late" : "");

    public string Quota => Shape == QuotaShape.Window ? $"window, {PerSecond * 60:N0} a minute" : $"bucket, {PerSecond}/s, burst {QuotaPlan.Burst}";

    /// <summary>Ten windows' worth; with steps more than can be served.</summary>
    public int Backlog => Windows * PerSecond * 60 * (Steps ? 2 : 1);

    /// <summary>At any time within a minute: nobody is started when a window begins.</summary>
    public DateTimeOffset StartOf(int seed) =>
        new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) + TimeSpan.FromTicks(new Random(seed + 4).NextInt64(TimeSpan.TicksPerMinute));

    /// <summary>When the run is stopped: with steps six minutes after the rise, otherwise at six times the time it should take.</summary>
    public DateTimeOffset EndOf(DateTimeOffset start) => Steps ? DropAfter(start) + (2 * Phase) : start + (6 * Windows * QuotaPlan.Window);

    public QuotaPlan Plan(DateTimeOffset start) =>
        new(Shape, PerSecond, Steps ? [new(DropAfter(start), Low), new(DropAfter(start) + Phase, PerSecond)] : []) { TurnsLate = TimeSpan.FromSeconds(Late) };

    /// <summary>About six minutes after the start, and in the midst of a window.</summary>
    private static DateTimeOffset DropAfter(DateTimeOffset start) => WindowQuota.StartOf(start) + Phase + StepIntoMinute;
}
