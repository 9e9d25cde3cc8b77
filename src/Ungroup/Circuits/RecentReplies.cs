using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ungroup.Circuits;

/// <summary>
/// What came back to the calls of an account within five minutes. From it follows how wide a circuit has to be: a group before its region, a region
/// before all of the account, and the wider one only where something else of it is refused too and nothing else is permitted.
/// </summary>
internal sealed class RecentReplies(TimeProvider clock)
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    // How many requests have to meet a code that nobody knows before it is about more than them.
    private const int UnfamiliarResources = 3;

    // Of more groups than this in five minutes the first are forgotten: then a circuit may be wider than it has to be until its probe.
    private const int MostRemembered = 1_000;

    private readonly Lock _sync = new();
    private readonly List<Reply> _replies = [];

    /// <summary>ECS has answered this API there. Of another, which may have somebody else in between, that says nothing.</summary>
    public void Answered(CircuitCall call)
    {
        lock (_sync)
        {
            _replies.RemoveAll(reply => reply.Evidence == Evidence.NoAnswer && reply.IsIn(call));
        }
    }

    public void Permitted(CircuitCall call, bool hasOpened)
    {
        lock (_sync)
        {
            Answered(call);
            _replies.RemoveAll(reply => reply.Evidence switch
            {
                Evidence.Denied => reply.IsAbout(call),
                Evidence.AccountRefused => reply.RegionId == call.RegionId,
                Evidence.Unfamiliar => hasOpened && reply.Action == call.Action,
                _ => false,
            });
            Remember(new(Evidence.Permitted, call.Action, call.RegionId, call.Group));
        }
    }

    /// <returns>The circuits to close, the narrowest first.</returns>
    public IReadOnlyList<CircuitKey> Refused(CircuitCall call, Refusal refusal, int mostFailures)
    {
        var reply = new Reply(refusal.Evidence, call.Action, call.RegionId, call.Group);
        lock (_sync)
        {
            if (refusal.Evidence == Evidence.NoAnswer)
            {
                Remember(reply);
                return _replies.Count(other => other.Evidence == Evidence.NoAnswer && other.RegionId == call.RegionId) < mostFailures ? [] : [call.RegionKey];
            }

            Answered(call);
            Remember(refusal.Evidence == Evidence.Unfamiliar ? reply with { Resource = call.Resource, Code = refusal.Code } : reply);
            return refusal.Evidence switch
            {
                Evidence.Denied => Denied(call),
                Evidence.AccountRefused => AccountRefused(call),
                Evidence.Unfamiliar => Unfamiliar(call, refusal.Code),
                _ => throw new UnreachableException($"{refusal.Evidence} says nothing of how wide a circuit is."),
            };
        }
    }

    private List<CircuitKey> Denied(CircuitCall call)
    {
        _replies.RemoveAll(reply => reply.Evidence == Evidence.Permitted && reply.IsAbout(call));
        var permitted = _replies.FindAll(reply => reply.Evidence == Evidence.Permitted && reply.Action == call.Action);
        var others = _replies.FindAll(reply => reply.Evidence == Evidence.Denied && reply.Action == call.Action && !reply.IsAbout(call));
        List<CircuitKey> keys = [call.GroupKey];
        if (others.Exists(other => other.IsIn(call)) && !permitted.Exists(reply => reply.IsIn(call)))
        {
            keys.Add(call.RegionKey);
        }

        if (others.Exists(other => !other.IsIn(call)) && permitted.Count == 0)
        {
            keys.Add(call.ApiKey);
        }

        return keys;
    }

    private CircuitKey[] AccountRefused(CircuitCall call)
    {
        _replies.RemoveAll(reply => reply.Evidence == Evidence.Permitted && reply.RegionId == call.RegionId);
        return _replies.Exists(reply => reply.Evidence == Evidence.AccountRefused && reply.RegionId != call.RegionId)
            && !_replies.Exists(reply => reply.Evidence == Evidence.Permitted) ? [call.RegionKey, call.AccountKey] : [call.RegionKey];
    }

    private CircuitKey[] Unfamiliar(CircuitCall call, string? code)
    {
        var same = _replies.FindAll(reply => reply.Evidence == Evidence.Unfamiliar && reply.Action == call.Action && reply.Code == code);
        return same.DistinctBy(reply => reply.Resource).Count() < UnfamiliarResources ? []
            : same.TrueForAll(reply => reply.Group == call.Group) ? [call.GroupKey]
            : same.TrueForAll(reply => reply.RegionId == call.RegionId) ? [call.RegionKey]
            : [call.ApiKey];
    }

    /// <summary>Each thing once, but for calls without an answer, which are counted.</summary>
    private void Remember(Reply reply)
    {
        var now = clock.GetUtcNow();
        _replies.RemoveAll(old => now - old.At >= Lately || (reply.Evidence != Evidence.NoAnswer && old with { At = default } == reply));
        if (_replies.Count == MostRemembered)
        {
            _replies.RemoveAt(0);
        }

        _replies.Add(reply with { At = now });
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Reply(
        Evidence Evidence, string Action, string RegionId, string Group, string? Resource = null, string? Code = null, DateTimeOffset At = default)
    {
        public bool IsIn(in CircuitCall call) => Action == call.Action && RegionId == call.RegionId;

        public bool IsAbout(in CircuitCall call) => IsIn(call) && Group == call.Group;
    }
}
