using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Quotas;

/// <summary>
/// The fleet makes as many calls as the quota takes and a few that are refused, once it was called in two whole minutes of it
/// to learn it, and in two more after it has changed; whatever hints come with the refusals. In a window these are the calls that
/// were under way together when the edge was touched, and a few for each further process that touches it before it has heard, or
/// that was started anew and knows nothing; where the minute of the quota is not that of a process' clock, one every two seconds in search
/// of its turn. A bucket, or what says that it is one, is found empty and left alone for a moment, again and again: each process is
/// refused no more than twice a second.
/// </summary>
internal sealed class CallsStayWithinTheBudget : IInvariant
{
    private const int UnderWay = Workers.Fleet.ConcurrencyAtBacklog;
    private const int OfBuckets = 120;
    private const int Unknowing = 4;
    private const int InSearchOfTheTurn = 30;
    private const int Learning = 2;

    public string Sentence => "More calls were refused in a minute than it takes to learn a quota.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var minutes = new Dictionary<string, Counted>();
        foreach (var line in lines)
        {
            if (line.What is Happening.Counted counted)
            {
                var key = $"{counted.Call.Account}/{counted.Call.Region}/{counted.Call.Action}";
                var minute = counted.Quota.MinuteOf(line.At);
                var known = minutes.TryGetValue(key, out var before) ? before : minutes[key] = new();
                known.TurnTo(minute, counted.Quota.ChangedAt(line.At));
                known.Processes.Add(counted.Call.Process);
                known.Refused += counted.IsRefused ? 1 : 0;
                known.SeekTheTurn |= !counted.Quota.TurnsWithTheClock || HasAnotherMinute(counted.Call);
                if (known.MinutesBefore >= Learning && known.Refused > Most(counted, known))
                {
                    return line;
                }
            }
        }

        return null;
    }

    private static int Most(Happening.Counted counted, Counted known) => counted.Quota.IsTakenForBucket
        ? OfBuckets * known.Processes.Count
        : UnderWay + (Unknowing * (known.Processes.Count - 1)) + (known.SeekTheTurn ? InSearchOfTheTurn : 0);

    /// <summary>The clock of the process is off, and not by whole minutes.</summary>
    private static bool HasAnotherMinute(EcsExchange call)
    {
        var off = Math.Abs((call.PassedAt.WorkerTime - call.PassedAt.At).TotalSeconds % 60);
        return Math.Min(off, 60 - off) > 1;
    }

    private sealed class Counted
    {
        private long? _minute;
        private DateTimeOffset _changedAt;

        /// <summary>In how many minutes it was called before this one, as it is now.</summary>
        public int MinutesBefore { get; private set; }

        public HashSet<string> Processes { get; } = [];

        public int Refused { get; set; }

        /// <summary>Whether somebody may have to find out when a minute turns.</summary>
        public bool SeekTheTurn { get; set; }

        public void TurnTo(long minute, DateTimeOffset changedAt)
        {
            if (minute == _minute && changedAt == _changedAt)
            {
                return;
            }

            // Only whole minutes count: that of the first call began before it, and that of a change was half of the one kind.
            MinutesBefore = _minute is null || changedAt != _changedAt ? -1 : MinutesBefore + 1;
            (_minute, _changedAt, Refused) = (minute, changedAt, 0);
            Processes.Clear();
        }
    }
}
