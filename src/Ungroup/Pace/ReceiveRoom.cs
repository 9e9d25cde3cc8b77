using Microsoft.Extensions.Options;
using Ungroup.Ecs;

namespace Ungroup.Pace;

/// <summary>
/// How many messages this instance may hold at once, so that none waits for long while its lock runs: as many as there will be
/// turns for within a while; of a slow quota one message, shortly before its turn. Only the quotas of removals count, those that
/// other instances have found closed included. Where none is closed or was used lately nothing is known, and nothing is withheld.
/// </summary>
/// <remarks>
/// Whose account a message is for shows only once it is in hand. So while every quota that was used lately is used up, or
/// has no turn soon, messages for other accounts wait as well: until the first of those has, less than a minute as a rule. A
/// host takes one message a minute in any case, so that a quota that is said to be closed for hours holds nobody else up.
/// </remarks>
public sealed class ReceiveRoom
{
    internal const string Removal = "LeaveSecurityGroup";

    // Where more are in use than this, a message is rarely for one that is used up, and looking at each of them would cost more than it saves.
    private const int MostLookedAt = 64;

    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(0.25);

    // Longer than any minute that is used up, so that a quota that nobody asks because it is closed still counts.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(2);

    private readonly Governors _governors;
    private readonly EcsOptions _options;
    private readonly TimeProvider _clock;
    private int _held;

    internal ReceiveRoom(Governors governors, IOptions<EcsOptions> options, TimeProvider clock) =>
        (_governors, _options, _clock) = (governors, options.Value, clock);

    /// <summary>What all queues hold together.</summary>
    internal int Held => Volatile.Read(ref _held);

    /// <param name="atMost">How many messages of the queue may be held in any case.</param>
    /// <param name="forIncidents">Whether incidents are expected on it before the first has come.</param>
    public QueueRoom ForQueue(int atMost, bool forIncidents) => new(this, atMost, forIncidents);

    internal void Hold(int more) => Interlocked.Add(ref _held, more);

    /// <summary>How long a message of such a lock may wait in hand: a quarter of it, and no longer than a delivery waits in place.</summary>
    internal TimeSpan HoldOf(TimeSpan lockLasts)
    {
        var hold = Shorter(Shorter(_options.LongestWaitInPlace, lockLasts / 4), LongestHold);
        return hold > ShortestHold ? hold : ShortestHold;
    }

    /// <param name="hold">How long a message may wait in hand.</param>
    /// <param name="withIncidents">Whether they may be incidents.</param>
    /// <returns>The room for all queues together, and what of it incidents may take whatever other queues hold.</returns>
    internal (long All, long Reserved) Within(TimeSpan hold, bool withIncidents)
    {
        var now = _clock.GetUtcNow();
        if (_governors.InUse.UpTo(MostLookedAt, Lately, now) is not { Count: > 0 } used)
        {
            return (long.MaxValue, 0);
        }

        var all = used.Sum(governor => (long)governor.HoldsWithin(hold, withIncidents, used.Count == 1, now));
        return (all, withIncidents ? (long)used.Sum(governor => governor.Reserved(now)) : 0);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
