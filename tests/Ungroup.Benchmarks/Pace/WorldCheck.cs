using Ungroup.Benchmarks.Pace.Quotas;
using Ungroup.Benchmarks.Pace.Worlds;

namespace Ungroup.Benchmarks.Pace;

/// <summary>Plays a pacer whose run is known beforehand: does the world do what pacers say, and does it count it?</summary>
internal static class WorldCheck
{
    private static readonly Scenario Small = new(QuotaShape.Window, 10, 2);

    public static void Run()
    {
        List<Pedant> pedants = [];
        var contender = new Contender("check", briefing => [.. Enumerable.Range(0, briefing.Instances).Select(_ => Hire(briefing.Start))]);
        var log = World.Run(Small, contender, 1);
        var served = log.Calls.Count(call => call.Served);
        SelfCheck.Expect("jobs served", Small.Backlog, served);
        SelfCheck.Expect("jobs left", 0, log.Unfinished);
        SelfCheck.Expect("each job is postponed once, and once for each refusal", Small.Backlog + log.Calls.Count - served, log.Postponements);
        SelfCheck.Expect("each receipt is settled", Small.Backlog + log.Postponements, log.Holds.Count);
        SelfCheck.Expect("nothing is held longer than its call and its settling", true, log.Holds.Max() <= TimeSpan.FromMilliseconds(35));
        SelfCheck.Expect("what is postponed only is held while it is settled", World.Broker, log.Holds.Min());
        SelfCheck.Expect("no instance holds more than it has room for", Pedant.Most, pedants.Max(pedant => pedant.Held));
        SelfCheck.Expect("each is told of its second", true, pedants.All(pedant => pedant.Ticks == (int)(log.End - log.Start).TotalSeconds));
        foreach (var window in log.Calls.Where(call => call.Served).GroupBy(call => WindowQuota.StartOf(call.ArrivedAt)))
        {
            SelfCheck.Expect("no window serves more than it may", true, window.Count() <= 600);
        }

        SelfCheck.Expect("the same seed plays the same run", true, World.Run(Small, contender, 1).Calls.SequenceEqual(log.Calls));
        SelfCheck.Expect("another seed plays another", false, World.Run(Small, contender, 2).Calls.SequenceEqual(log.Calls));

        Pedant Hire(DateTimeOffset start)
        {
            // The first two are those of the run that is looked at; what follows plays it again.
            var pedant = new Pedant(start);
            if (pedants.Count < Small.Instances)
            {
                pedants.Add(pedant);
            }

            return pedant;
        }
    }

    /// <summary>Postpones every job for a second before its first call, and after a refusal; has room for three; wants a tick each second.</summary>
    private sealed class Pedant(DateTimeOffset start) : IPacer
    {
        public const int Most = 3;

        private readonly HashSet<Job> _hand = [];

        public int Held { get; private set; }

        public int Ticks { get; private set; }

        public DateTimeOffset? Next { get; private set; } = start.AddSeconds(1);

        public int Room(DateTimeOffset now) => Most;

        public Permit Ask(Job job, DateTimeOffset now)
        {
            if (job.Postponements == 0)
            {
                return Permit.PostponeUntil(now.AddSeconds(1));
            }

            _hand.Add(job);
            Held = Math.Max(Held, _hand.Count);
            return Permit.Go;
        }

        public After Told(Job job, DateTimeOffset sentAt, DateTimeOffset now, bool refused, TimeSpan? hint)
        {
            _hand.Remove(job);
            return refused ? After.PostponeUntil(now.AddSeconds(1)) : After.Done;
        }

        public void Tick(DateTimeOffset now)
        {
            Ticks++;
            Next = now.AddSeconds(1);
        }
    }
}
