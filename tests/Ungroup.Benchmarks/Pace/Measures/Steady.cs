using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace.Measures;

/// <summary>
/// The steady part of a run: from two windows after the start, and after each step, until the next step, and at last until the queue hands
/// out its last message. In the window shape whole windows only, since what a part of one could have served depends on the other part.
/// </summary>
internal static class Steady
{
    private static readonly TimeSpan Learning = 2 * QuotaPlan.Window;

    public static IReadOnlyList<Stretch> Of(QuotaPlan plan, DateTimeOffset start, DateTimeOffset lastHandedOut)
    {
        DateTimeOffset[] edges = [start, .. plan.Steps.Select(step => step.At), lastHandedOut];
        return [.. edges.Zip(edges.Skip(1), (from, to) => Within(plan, from + Learning, to)).Where(stretch => stretch.Length > TimeSpan.Zero)];
    }

    private static Stretch Within(QuotaPlan plan, DateTimeOffset from, DateTimeOffset to) => plan.Shape == QuotaShape.Window
        ? new(WindowQuota.StartOf(from + QuotaPlan.Window - TimeSpan.FromTicks(1), plan.TurnsLate), WindowQuota.StartOf(to, plan.TurnsLate))
        : new(from, to);
}
