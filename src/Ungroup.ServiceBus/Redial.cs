using Ungroup.Time;

namespace Ungroup.ServiceBus;

/// <summary>The wait before the next attempt to connect: doubling, capped, with jitter so that a fleet does not return as one.</summary>
internal sealed class Redial(TimeProvider clock, Func<double> chance)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private int _attempts;

    public void Reset() => _attempts = 0;

    public TimeSpan Next() => Backoff.Doubling(First, Longest, _attempts++) * (0.5 + (chance() / 2));

    /// <summary>Returns early, and does not throw, when <paramref name="stop"/> says so.</summary>
    public async Task WaitAsync(CancellationToken stop) =>
        await Task.Delay(Next(), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
