using Ungroup.Ledger;
using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Containment;

/// <summary>Each request's calls, line by line: when it last changed something, and when it last looked.</summary>
internal sealed class RequestCalls
{
    private readonly Dictionary<LedgerKey, Calls> _calls = [];

    public Calls this[LedgerKey key] => _calls.TryGetValue(key, out var calls) ? calls : _calls[key] = new();

    public void Take(Line line)
    {
        switch (line.What)
        {
            case Happening.CallBegan { Call: { IsChange: true, Key: { } key } }:
                (this[key].ChangedAt, this[key].HasLooked) = (line.At, false);
                break;

            case Happening.CallReached { Call.Key: { } key }:
                this[key].ChangedAt = line.At;
                break;

            case Happening.CallEnded { Call: { IsChange: true, Key: { } key } }:
                this[key].ChangedAt = line.At;
                break;

            case Happening.CallEnded { Code: null, Call: { IsChange: false, Key: { } key } call } when call.Action is "DescribeInstances" or "DescribeNetworkInterfaces":
                this[key].Looked(call);
                break;

            default:
                break;
        }
    }

    internal sealed class Calls
    {
        private DateTimeOffset? _firstLook;

        /// <summary>When the last call that changes something began, was carried out or was answered.</summary>
        public DateTimeOffset? ChangedAt { get; set; }

        /// <summary>Whether it has looked since then.</summary>
        public bool HasLooked { get; set; }

        /// <summary>When the last look began that was answered.</summary>
        public DateTimeOffset LookedAt { get; private set; }

        /// <summary>The earliest instant that a look shows which was made after everything that it has changed.</summary>
        public DateTimeOffset Since => (ChangedAt ?? _firstLook ?? DateTimeOffset.MaxValue) - EcsReads.LongestStaleness;

        public void Looked(EcsExchange call)
        {
            _firstLook ??= call.At;
            (LookedAt, HasLooked) = (call.At, true);
        }
    }
}
