namespace Ungroup.ServiceBus;

/// <summary>How long to wait before the next attempt to connect: doubling, capped, with jitter so that a fleet does not return as one.</summary>
internal sealed class Redial(TimeProvider clock, Func<double> chance)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(15);

    private TimeSpan _next = First;

    public void Reset() => _next = First;

    public TimeSpan Next()
    {
        var wait = _next * (0.5 + (chance() / 2));
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return wait;
    }

    /// <summary>Returns early, and does not throw, when <paramref name="stop"/> says so.</summary>
    public async Task WaitAsync(CancellationToken stop) =>
        await Task.Delay(Next(), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
