using Microsoft.Extensions.Options;
using Ungroup.Ecs;

namespace Ungroup.Quotas;

/// <summary>
/// How many messages this instance may hold at once, so that none waits for long while its lock runs: as many as will get a
/// permit within a while; of a slow quota one message, shortly before its permit. Only the quotas of removals count. Where none
/// was used lately nothing is known, and nothing is withheld.
/// </summary>
/// <remarks>
/// Whose account a message is for shows only once it is in hand. So while every quota that was used lately is used up, or
/// has no permit soon, messages for other accounts wait as well: until the first of those has, less than a minute as a rule. A
/// host takes one message a minute in any case, so that a quota that is said to be closed for hours holds nobody else up.
/// </remarks>
internal sealed class ReceiveBudget
{
    internal const string Removal = "LeaveSecurityGroup";

    // Where more are in use than this, a message is rarely for one that is used up, and looking at each of them would cost more than it saves.
    private const int MostLookedAt = 64;

    private static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ShortestHold = TimeSpan.FromSeconds(0.25);

    // Longer than any window that is used up, so that a quota that nobody asks because it is closed still counts.
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(2);

    private readonly QuotaLimiters _limiters;
    private readonly EcsOptions _options;
    private int _held;

    internal ReceiveBudget(QuotaLimiters limiters, IOptions<EcsOptions> options) => (_limiters, _options) = (limiters, options.Value);

    /// <summary>What all queues hold together.</summary>
    internal int Held => Volatile.Read(ref _held);

    /// <param name="atMost">How many messages of the queue may be held in any case.</param>
    /// <param name="forIncidents">Whether incidents are expected on it before the first has come.</param>
    public QueueBudget ForQueue(int atMost, bool forIncidents) => new(this, atMost, forIncidents);

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
    internal (long All, long Incidents) Within(TimeSpan hold, bool withIncidents)
    {
        if (_limiters.UsedLately(Removal, Lately, MostLookedAt) is not { Count: > 0 } used)
        {
            return (long.MaxValue, 0);
        }

        var budgets = used.Select(limiter => limiter.Budget(hold, withIncidents, isOnly: used.Count == 1)).ToList();
        return (budgets.Sum(budget => (long)budget.All), withIncidents ? budgets.Sum(budget => (long)budget.Incidents) : 0);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
