using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

/// <summary>
/// What the fleet calls is what the quota takes and a few calls that are refused, once two of its minutes were there to learn it, from
/// the first call on and again from the instant at which it has changed. In a window these are the calls that were under way together
/// when the edge was touched, and one for each further process that touches it before it has heard. A bucket is found
/// empty and left alone for a moment, again and again: each process is refused no more than twice a second.
/// </summary>
internal sealed class CallsStayWithinTheBudget : IInvariant
{
    private const int UnderWay = Workers.Fleet.ConcurrencyAtBacklog;
    private const int OfBuckets = 120;

    private static readonly TimeSpan Learning = TimeSpan.FromMinutes(2);

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
                var known = minutes.TryGetValue(key, out var before) ? before : minutes[key] = new(line.At);
                known.TurnTo(minute);
                known.Processes.Add(counted.Call.Process);
                known.Refused += counted.IsRefused ? 1 : 0;
                if (counted.Quota.StartOf(minute) - Later(known.Since, counted.Quota.ChangedAt(line.At)) >= Learning && known.Refused > Most(counted, known.Processes.Count))
                {
                    return line;
                }
            }
        }

        return null;
    }

    private static int Most(Happening.Counted counted, int processes) => counted.Quota.IsBucket ? OfBuckets * processes : UnderWay + processes - 1;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private sealed class Counted(DateTimeOffset since)
    {
        private long _minute;

        public DateTimeOffset Since => since;

        public HashSet<string> Processes { get; } = [];

        public int Refused { get; set; }

        public void TurnTo(long minute)
        {
            if (minute != _minute)
            {
                (_minute, Refused) = (minute, 0);
                Processes.Clear();
            }
        }
    }
}
