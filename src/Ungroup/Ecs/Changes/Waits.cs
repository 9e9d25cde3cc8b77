using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Time;

namespace Ungroup.Ecs.Changes;

/// <summary>How long to wait for what. Chance spreads every wait, so that requests that stopped together do not start together.</summary>
internal sealed class Waits(IOptions<EcsOptions> options, TimeProvider clock, Func<double> chance)
{
    // Five tries, the last of them within ten minutes of the first: some states are over soon, and some take minutes.
    private static readonly TimeSpan[] BetweenUnfamiliar =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(6)];

    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    public DateTimeOffset Now => clock.GetUtcNow();

    public TimeSpan LongestInPlace => options.Value.LongestWaitInPlace;

    /// <summary>Timers count whole milliseconds: a pause for less would end at once, again and again, until it has passed.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(pause.TotalMilliseconds))), clock, cancellationToken);

    /// <summary>ECS did not answer as it should; not before it asks for, where it asks.</summary>
    public DateTimeOffset Postponed(int postponements, TimeSpan? retryAfter = null)
    {
        var wait = Grown(options.Value.FirstPostponement, options.Value.LongestPostponement, postponements);
        return Now + (retryAfter > wait ? retryAfter.Value : wait);
    }

    /// <summary>The resource is starting, stopping or in transit.</summary>
    public DateTimeOffset UntilItsStateChanges(int postponements) => Now
        + Grown(options.Value.FirstStateWait, options.Value.LongestStateWait, postponements);

    /// <summary>ECS has answered so often with a code that is not known here; null where that was often enough.</summary>
    public DateTimeOffset? Unfamiliar(int replies) =>
        replies > BetweenUnfamiliar.Length ? null : Now + Backoff.Jittered(BetweenUnfamiliar[replies - 1], chance());

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

    /// <summary>The clock goes on between two looks at it.</summary>
    public static TimeSpan NotNegative(TimeSpan pause) => pause > TimeSpan.Zero ? pause : TimeSpan.Zero;

    private TimeSpan Grown(TimeSpan first, TimeSpan longest, int times) => Backoff.Jittered(Backoff.Doubling(first, longest, times), chance());
}
