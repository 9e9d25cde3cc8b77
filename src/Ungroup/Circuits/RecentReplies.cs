using System.Runtime.InteropServices;

namespace Ungroup.Circuits;

/// <summary>
/// The replies to the calls of an account within five minutes. From them follows how wide a circuit has to be: a group before its region, a region
/// before all of the account, and the wider one only where something else of it is refused too and nothing else is permitted. Not safe for several threads.
/// </summary>
internal sealed class RecentReplies(TimeProvider clock)
{
    public static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    // How many requests have to meet a code that nobody knows before it is about more than them.
    public const int UnfamiliarResources = 3;

    // Of more groups than this in five minutes the first are forgotten: then a circuit may be wider than it has to be until its probe.
    private const int MostRemembered = 1_000;

    private readonly List<Reply> _replies = [];

    /// <returns>The circuits to close, the narrowest first.</returns>
    public IReadOnlyList<CircuitKey> Add(CircuitCall call, Evidence evidence, string? code = null, int mostFailures = 1, bool hasOpened = false)
    {
        var isUnfamiliar = evidence == Evidence.Unfamiliar;
        var reply = new Reply(evidence, call.Action, call.RegionId, call.Group, isUnfamiliar ? call.Resource : null, isUnfamiliar ? code : null, clock.GetUtcNow());
        _replies.RemoveAll(old => reply.At - old.At >= Lately || IsOver(old, reply, hasOpened));
        if (_replies.Count == MostRemembered)
        {
            _replies.RemoveAt(0);
        }

        _replies.Add(reply);
        return evidence switch
        {
            Evidence.Denied => Denied(call, reply),
            Evidence.AccountRefused => AccountRefused(call),
            Evidence.Unfamiliar => Unfamiliar(call, code),
            Evidence.NoAnswer when All(Evidence.NoAnswer).Count(other => other.RegionId == call.RegionId) >= mostFailures => [call.RegionKey],
            _ => [],
        };
    }

    /// <summary>Calls without an answer are counted until the same API answers; anything else is remembered once, until the opposite is seen.</summary>
    private static bool IsOver(Reply old, Reply by, bool hasOpened) => (old.Evidence, by.Evidence) switch
    {
        (Evidence.NoAnswer, Evidence.NoAnswer) => false,
        (Evidence.NoAnswer, _) => old.IsIn(by),
        (Evidence.Denied, Evidence.Permitted) or (Evidence.Permitted, Evidence.Denied) => old.IsIn(by) && old.Group == by.Group,
        (Evidence.AccountRefused, Evidence.Permitted) or (Evidence.Permitted, Evidence.AccountRefused) => old.RegionId == by.RegionId,
        (Evidence.Unfamiliar, Evidence.Permitted) => hasOpened && old.Action == by.Action,
        _ => old with { At = by.At } == by,
    };

    private CircuitKey[] Denied(CircuitCall call, Reply reply)
    {
        var permitted = All(Evidence.Permitted).Where(other => other.Action == call.Action).ToList();
        var others = All(Evidence.Denied).Where(other => other.Action == call.Action && other != reply).ToList();
        var isRegion = others.Exists(other => other.IsIn(reply)) && !permitted.Exists(other => other.IsIn(reply));
        var isApi = others.Exists(other => !other.IsIn(reply)) && permitted.Count == 0;
        return [call.GroupKey, .. isRegion ? [call.RegionKey] : Array.Empty<CircuitKey>(), .. isApi ? [call.ApiKey] : Array.Empty<CircuitKey>()];
    }

    private CircuitKey[] AccountRefused(CircuitCall call) =>
        All(Evidence.AccountRefused).Any(other => other.RegionId != call.RegionId) && !All(Evidence.Permitted).Any() ? [call.RegionKey, call.AccountKey] : [call.RegionKey];

    private CircuitKey[] Unfamiliar(CircuitCall call, string? code)
    {
        var same = All(Evidence.Unfamiliar).Where(other => other.Action == call.Action && other.Code == code).ToList();
        return same.DistinctBy(other => other.Resource).Count() < UnfamiliarResources ? []
            : same.TrueForAll(other => other.Group == call.Group) ? [call.GroupKey]
            : same.TrueForAll(other => other.RegionId == call.RegionId) ? [call.RegionKey]
            : [call.ApiKey];
    }

    private IEnumerable<Reply> All(Evidence evidence) => _replies.Where(reply => reply.Evidence == evidence);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Reply(
        Evidence Evidence, string Action, string RegionId, string Group, string? Resource, string? Code, DateTimeOffset At)
    {
        public bool IsIn(in Reply other) => Action == other.Action && RegionId == other.RegionId;
    }
}
