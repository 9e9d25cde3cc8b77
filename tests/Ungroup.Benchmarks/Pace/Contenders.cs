using Ungroup.Benchmarks.Pace.Ours;
using Ungroup.Benchmarks.Pace.Peers;
using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>Those who take part.</summary>
internal static class Contenders
{
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<Contender> Peers { get; } =
    [
        new("Polly, 3 retries from 2 s", briefing => Fleet(briefing, () => new PollyBackoff(new(3, null, briefing.Chance)))),
        new("Polly, 10 retries, cap 30 s", briefing => Fleet(briefing, () => new PollyBackoff(new(10, Cap, briefing.Chance)))),
        Contender.Told("Polly behind a bucket told the quota", (briefing, plan) => Fleet(briefing, () => Behind(plan, briefing))),
        new("AWS adaptive (CUBIC)", briefing => Fleet(briefing, () => new AwsAdaptive(briefing.Start, new(briefing.Chance.Next())))),
        new("AIMD, +1/s, × 0.5", briefing => Fleet(briefing, () => new Aimd(briefing.Start))),
    ];

    /// <summary>Ours first, then its peers.</summary>
    public static IReadOnlyList<Contender> All { get; } = [new("Ungroup", Limited.Hire) { Reserve = 0.2, Ours = true }, .. Peers];

    /// <summary>Each instance alone: nothing is shared.</summary>
    private static IPacer[] Fleet(Briefing briefing, Func<IPacer> hire) => [.. Enumerable.Range(0, briefing.Instances).Select(_ => hire())];

    private static PollyBackoff Behind(QuotaPlan plan, Briefing briefing) =>
        new(new(10, Cap, briefing.Chance), new ToldLimiter(plan, briefing.Start));
}
