using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Ecs.Wire;
using Ungroup.Messages;
using Ungroup.Time;

namespace Ungroup.Ecs.Changes;

/// <summary>How long to wait for what. Chance spreads every wait, so that requests that stopped together do not start together.</summary>
internal sealed class Waits(IOptions<EcsOptions> options, TimeProvider clock, Func<double> chance)
{
    // The last of five tries comes within ten minutes of the first: some states are over soon, and some take minutes.
    public static readonly TimeSpan[] BetweenUnfamiliar =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(90), TimeSpan.FromMinutes(6)];

    private static readonly TimeSpan Spread = TimeSpan.FromSeconds(2);

    public TimeProvider Clock => clock;

    public DateTimeOffset Now => clock.GetUtcNow();

    public bool NeedsEvidence(Origin origin) => options.Value.Evidence switch
    {
        EvidenceFor.Always => true,
        EvidenceFor.Incidents => origin == Origin.Incident,
        _ => false,
    };

    public TimeSpan LongestInPlace => options.Value.LongestWaitInPlace;

    /// <summary>Timers count whole milliseconds: a shorter pause would end at once, again and again.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(pause.TotalMilliseconds))), clock, cancellationToken);

    /// <summary>No wait for ECS, a quota, a circuit or another request is longer, counted from now.</summary>
    public DateTimeOffset LatestReturn => Now + new[]
    {
        options.Value.LongestPostponement, options.Value.LongestStateWait, options.Value.LongestCircuitPause, options.Value.LongestOutagePause,
        EcsReplyReader.LongestHint,
    }.Max();

    public DateTimeOffset Postponed(int postponements, TimeSpan? retryAfter = null)
    {
        var wait = Grown(options.Value.FirstPostponement, options.Value.LongestPostponement, postponements);
        return Now + (retryAfter > wait ? retryAfter.Value : wait);
    }

    /// <summary>Another request has to end first: soon most likely, and a day later at most.</summary>
    public DateTimeOffset BehindAnother(int postponements) => Now
        + Grown(options.Value.FirstStateWait, options.Value.LongestPostponement, postponements);

    public DateTimeOffset UntilItsStateChanges(int postponements) => Now
        + Grown(options.Value.FirstStateWait, options.Value.LongestStateWait, postponements);

    /// <summary>Null where the code came often enough to be believed.</summary>
    public DateTimeOffset? Unfamiliar(int replies) =>
        replies > BetweenUnfamiliar.Length ? null : Now + Backoff.Jittered(BetweenUnfamiliar[replies - 1], chance());

    public int OutageAfter => options.Value.OutageAfter;

    public CircuitPause OutagePause => new(options.Value.FirstCircuitPause, options.Value.LongestOutagePause);

    public CircuitPause CircuitPause => new(options.Value.FirstCircuitPause, options.Value.LongestCircuitPause);

    public TimeSpan ALittle() => chance() * TimeSpan.FromSeconds(0.25);

    public DateTimeOffset After(DateTimeOffset instant) => instant + (chance() * Spread);

    /// <summary>Membership is eventually consistent.</summary>
    public TimeSpan BetweenReads() => TimeSpan.FromSeconds(1 + chance());

    /// <summary>The clock goes on between two looks at it.</summary>
    public static TimeSpan NotNegative(TimeSpan pause) => pause > TimeSpan.Zero ? pause : TimeSpan.Zero;

    private TimeSpan Grown(TimeSpan first, TimeSpan longest, int times) => Backoff.Jittered(Backoff.Doubling(first, longest, times), chance());
}
