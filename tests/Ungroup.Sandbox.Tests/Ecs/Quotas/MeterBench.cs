using Microsoft.Extensions.Time.Testing;
using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Ecs.Quotas;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs.Quotas;

/// <summary>A meter, a fake clock that starts at noon, and chance with a seed, for the length of one test.</summary>
internal sealed class MeterBench
{
    private readonly FakeTimeProvider _clock;
    private readonly QuotaMeter _meter;

    public MeterBench(Quota quota, DateTimeOffset? start = null)
    {
        _clock = new FakeTimeProvider(start ?? Sim.Noon);
        _meter = new QuotaMeter(quota, _clock.GetUtcNow(), new Random(20).NextDouble);
    }

    public QuotaUse Use => _meter.Read(_clock.GetUtcNow());

    public bool IsServed() => _meter.Count(_clock.GetUtcNow()) is null;

    /// <summary>The word of the hint to a caller who can read it.</summary>
    public TimeSpan? Refused() => (_meter.Count(_clock.GetUtcNow()) ?? throw new InvalidOperationException("It was served.")).Hint?.Wait;

    /// <summary>How many of that many calls at once are served.</summary>
    public int ServedOf(int calls) => Enumerable.Range(0, calls).Count(_ => IsServed());

    public void After(double milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    public void At(TimeSpan sinceNoon) => _clock.SetUtcNow(Sim.Noon + sinceNoon);
}
