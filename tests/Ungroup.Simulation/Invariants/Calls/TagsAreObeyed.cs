using Ungroup.Ledger;
using Ungroup.Requests;
using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Invariants.Containment;
using Ungroup.Simulation.Invariants.Outcomes;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Time;

namespace Ungroup.Simulation.Invariants.Calls;

/// <summary>
/// Every delivery of a removal looks before its first call, and a contain before the first call of all, at the resource and at the instance that
/// it belongs to: where such a look could show nothing but a protected tag, nothing is changed. A restore gives back, and asks for no tags.
/// </summary>
internal sealed class TagsAreObeyed : IInvariant
{
    public string Sentence => "A call would change a resource although its request could see a protected tag on it or on its instance, or has not looked; or one was refused for a tag that it cannot have seen.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var (tags, truth) = (new TagHistory(lines), new GroupHistory(lines));
        if (tags.IsEmpty)
        {
            return null;
        }

        var deliveries = new Dictionary<(Receipt?, LedgerKey), Looks>();
        var begun = new Dictionary<LedgerKey, (Looks Looks, EcsExchange First)>();
        foreach (var line in lines)
        {
            switch (line.What)
            {
                case Happening.CallEnded { Code: null, Call: { IsChange: false, Key: not null } read } when read.Action is "DescribeInstances" or "DescribeNetworkInterfaces":
                    Of(read).Take(read);
                    break;

                // Who has written down a call and died may have made it: what has begun is seen through.
                case Happening.CallBegan { Call: { IsChange: true, IsOfContainment: true, Key: { } before, Held.Record.Attempts: > 1 } } when !begun.ContainsKey(before):
                    break;

                case Happening.CallBegan { Call: { IsChange: true, Key: { } key } call } when call.Request?.Action != RequestAction.Restore:
                    var looks = Of(call);
                    looks.HasCalled = true;
                    var first = call.IsOfContainment ? begun.TryGetValue(key, out var known) ? known : begun[key] = (looks, call) : (looks, call);
                    if (Minds(call.Resource, first.Item1, first.Item2.At))
                    {
                        return line;
                    }

                    break;

                // It has begun nothing.
                case Happening.CallEnded { NeverLeft: true, Call: { IsChange: true, Key: { } stayed } unsent } when begun.TryGetValue(stayed, out var one) && one.First.Number == unsent.Number:
                    begun.Remove(stayed);
                    break;

                case Happening.Wrote when ToldOutcome.In(line) is { Code: "ProtectedTag" } told
                    && !deliveries.Where(one => one.Key.Item2 == told.Key).Any(one => one.Value.Names.SelectMany(truth.EverOn).Any(name => tags.IsEverProtected(name, one.Value.First - EcsReads.LongestStaleness, line.At))):
                    return line;

                default:
                    break;
            }
        }

        return null;

        Looks Of(EcsExchange call) => deliveries.TryGetValue((call.Receipt, call.Key!), out var looks) ? looks : deliveries[(call.Receipt, call.Key!)] = new();

        // What is in the isolation group alone is not changed, and need not be asked about.
        bool Minds(string resource, Looks looks, DateTimeOffset at)
        {
            var host = truth.HostOf(resource, at);
            var from = (looks.At(resource, host) ?? at) - EcsReads.LongestStaleness;
            return !truth.WasEver(resource, from, at, groups => groups.All(Ids.IsIsolationGroup))
                && (tags.IsProtectedAllThrough(resource, from, at)
                    || (host is not null && truth.CardsOf(host, from, at).Contains(resource)
                        && tags.IsProtectedAllThrough(host, (looks.At(host) ?? looks.At(resource, host) ?? at) - EcsReads.LongestStaleness, at)));
        }
    }

    /// <summary>The looks of one delivery at one request: those behind its first call look for what came of it.</summary>
    private sealed class Looks
    {
        private readonly Dictionary<string, DateTimeOffset> _at = [];
        private readonly Dictionary<string, DateTimeOffset> _cardsAt = [];

        public bool HasCalled { get; set; }

        public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

        public HashSet<string> Names { get; } = [];

        /// <summary>When the last look began that shows it, or all interfaces of its host; null where none was answered.</summary>
        public DateTimeOffset? At(string resource, string? host = null) =>
            _at.TryGetValue(resource, out var at) || (host is not null && _cardsAt.TryGetValue(host, out at)) ? at : null;

        public void Take(EcsExchange read)
        {
            if (HasCalled)
            {
                return;
            }

            First = DateTimeOffset.Earlier(First, read.At);
            Names.UnionWith(read.Named.DefaultIfEmpty(read.Resource));
            if (read.Named.Count == 0)
            {
                _cardsAt[read.Resource] = read.At;
            }

            foreach (var name in read.Named)
            {
                _at[name] = read.At;
            }
        }
    }
}
