using Microsoft.Extensions.Options;
using Ungroup.Circuits;

namespace Ungroup.Ecs.Changes;

/// <summary>How long to wait for what. Every wait is spread by chance, so that what stopped together does not start together.</summary>
internal sealed class Waits(IOptions<EcsOptions> options, TimeProvider clock, Func<double> chance)
{
    // Five tries, the last of them within ten minutes of the first: what is over soon is met soon, and what takes minutes is waited for.
    private static readonly TimeSpan[] BetweenUnfamiliar =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(6)];

    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    public DateTimeOffset Now => clock.GetUtcNow();

    public TimeSpan LongestInPlace => options.Value.LongestWaitInPlace;

    /// <summary>Delays are cut to whole milliseconds: who paused for less would ask again at once, and again, until it has passed.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(pause.TotalMilliseconds))), clock, cancellationToken);

    /// <summary>ECS did not answer as it should; not before it asks for, where it asks.</summary>
    public DateTimeOffset Postponed(int postponements, TimeSpan? retryAfter = null)
    {
        var wait = Jittered(Doubling(options.Value.FirstPostponement, options.Value.LongestPostponement, postponements));
        return Now + (retryAfter > wait ? retryAfter.Value : wait);
    }

    /// <summary>The resource is starting, stopping or in transit.</summary>
    public DateTimeOffset Settled(int postponements) => Now
        + Jittered(Doubling(options.Value.FirstStateWait, options.Value.LongestStateWait, postponements));

    /// <summary>ECS has answered so often with a code that is not known here; null where that was often enough.</summary>
    public DateTimeOffset? Unfamiliar(int replies) =>
        replies > BetweenUnfamiliar.Length ? null : Now + Jittered(BetweenUnfamiliar[replies - 1]);

    /// <summary>How many calls in a row without a proper answer are an outage.</summary>
    public int OutageAfter => options.Value.OutageAfter;

    /// <summary>ECS does not answer: one call a minute finds out when it does again.</summary>
    public CircuitPause OutagePause => new(options.Value.FirstCircuitPause, options.Value.LongestOutagePause);

    /// <summary>An operator must act.</summary>
    public CircuitPause CircuitPause => new(options.Value.FirstCircuitPause, options.Value.LongestCircuitPause);

    /// <summary>So that instances do not come back in the same instant.</summary>
    public TimeSpan ALittle() => chance() * TimeSpan.FromSeconds(0.25);

    /// <summary>A little after an instant that many wait for.</summary>
    public DateTimeOffset After(DateTimeOffset instant) => instant + (chance() * Spread);

    /// <summary>Membership is eventually consistent: between two looks at it lie one to two seconds.</summary>
    public TimeSpan BetweenReads() => TimeSpan.FromSeconds(1 + chance());

    /// <summary>At least four fifths of it, so that a wait stays one, and never more.</summary>
    private TimeSpan Jittered(TimeSpan wait) => wait * (0.8 + (0.2 * chance()));

    /// <summary>The clock goes on between two looks at it.</summary>
    public static TimeSpan NotNegative(TimeSpan pause) => pause > TimeSpan.Zero ? pause : TimeSpan.Zero;

    private static TimeSpan Doubling(TimeSpan first, TimeSpan longest, int times) =>
        TimeSpan.FromTicks((long)Math.Min(first.Ticks * Math.Pow(2, Math.Max(times, 0)), longest.Ticks));
}
