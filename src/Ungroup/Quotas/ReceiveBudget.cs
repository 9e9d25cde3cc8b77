using Microsoft.Extensions.Options;
using Ungroup.Ecs;
using Ungroup.Messages;

namespace Ungroup.Quotas;

/// <summary>
/// How many messages this instance may hold at once, so that none waits for long while its lock runs: as many as will get a permit within a while;
/// where no quota of removals was used lately, any number. Whose a message is shows only once it is in hand: while every quota is used up,
/// messages for other accounts wait as well, less than a minute as a rule, and a host takes one a minute in any case.
/// </summary>
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

    internal int Held => Volatile.Read(ref _held);

    /// <param name="atMost">How many messages of the queue may be held in any case.</param>
    /// <param name="forIncidents">Whether incidents are expected on it before the first has come.</param>
    public QueueBudget ForQueue(int atMost, bool forIncidents) => new(this, atMost, forIncidents);

    internal void Hold(int more) => Interlocked.Add(ref _held, more);

    /// <summary>How long a message of such a lock may wait in hand: a quarter of it, and no longer than a delivery waits in place.</summary>
    internal TimeSpan HoldOf(TimeSpan lockLasts)
    {
        TimeSpan[] longest = [_options.LongestWaitInPlace, lockLasts / 4, LongestHold];
        return longest.Min() is var hold && hold > ShortestHold ? hold : ShortestHold;
    }

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
}

/// <summary>One queue's part of the budget. Its host says what it takes in hand, and what it sees of it.</summary>
internal sealed class QueueBudget
{
    private readonly ReceiveBudget _budget;
    private readonly int _atMost;
    private int _held;

    // Until a message has shown how long its lock lasts, and whose messages come.
    private TimeSpan _lock = TimeSpan.FromSeconds(30);
    private volatile bool _incidents;

    internal QueueBudget(ReceiveBudget budget, int atMost, bool incidents) => (_budget, _atMost, _incidents) = (budget, atMost, incidents);

    /// <summary>How many messages of this queue may be held now, those included that are. Incidents also have the reserve.</summary>
    public int MayHold
    {
        get
        {
            var held = Volatile.Read(ref _held);
            var (all, reserved) = _budget.Within(_budget.HoldOf(_lock), _incidents);
            var room = all - Math.Max(0, _budget.Held - held);

            // Nothing that waits in hand for its turn stands in the way of an incident, which need not wait for its own.
            return (int)Math.Clamp(_incidents ? Math.Max(room, held + reserved) : room, 0, _atMost);
        }
    }

    public void Began() => Hold(1);

    public void Ended() => Hold(-1);

    /// <param name="lockLasts">The rest of a lock when its message came; not to be believed where clocks are apart.</param>
    public void Came(TimeSpan lockLasts) => _lock = lockLasts > TimeSpan.Zero ? lockLasts : _lock;

    /// <param name="origin">Whose the last request was; null where the message was none.</param>
    public void Handled(Origin? origin) => _incidents = origin is null ? _incidents : origin == Origin.Incident;

    private void Hold(int more)
    {
        Interlocked.Add(ref _held, more);
        _budget.Hold(more);
    }
}
