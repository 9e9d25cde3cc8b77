using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Ungroup.Circuits;

/// <summary>
/// What was refused and what was permitted lately in an account. From it follows how wide a circuit has to be: a group before its
/// region, a region before all of the account, and the wider one only where something else of it is refused too and nothing else is permitted.
/// </summary>
internal sealed class RecentCalls(TimeProvider clock)
{
    /// <summary>How long a call says something of others.</summary>
    public static readonly TimeSpan Lately = TimeSpan.FromMinutes(5);

    // How many requests have to meet a code that nobody knows before it is about more than them.
    private const int UnfamiliarResources = 3;
    private const int MostRemembered = 64;

    private readonly Lock _sync = new();
    private readonly Recent<Place> _permitted = new(MostRemembered, Lately);

    // Apart from the groups, of which a busy region may have so many that those of another region are forgotten.
    private readonly Recent<Place> _permittedRegions = new(MostRemembered, Lately);
    private readonly Recent<Refused> _refused = new(MostRemembered, Lately);

    // By region and API, how many calls in a row have got no answer.
    private readonly Dictionary<string, Dictionary<string, int>> _unanswered = new(StringComparer.Ordinal);

    /// <summary>ECS has answered this API there. Of another, which may have somebody else in between, that says nothing.</summary>
    public void Answer(in CircuitCall call)
    {
        lock (_sync)
        {
            if (_unanswered.TryGetValue(call.RegionId, out var apis) && apis.Remove(call.Action) && apis.Count == 0)
            {
                _unanswered.Remove(call.RegionId);
            }
        }
    }

    /// <summary>The circuits to close where so many calls in the region have got no answer: those of the APIs that got none.</summary>
    public IReadOnlyList<CircuitKey> Fail(CircuitCall call, int most)
    {
        lock (_sync)
        {
            var apis = _unanswered.TryGetValue(call.RegionId, out var known) ? known : _unanswered[call.RegionId] = new(StringComparer.Ordinal);
            apis[call.Action] = apis.GetValueOrDefault(call.Action) + 1;
            return apis.Values.Sum() < most ? [] : [call.RegionKey, .. apis.Keys.Where(api => api != call.Action).Select(api => call.RegionKey with { Action = api })];
        }
    }

    public void Permit(in CircuitCall call, bool hasOpened)
    {
        var place = new Place(call.Action, call.RegionId, call.Group);
        lock (_sync)
        {
            var now = clock.GetUtcNow();
            _permitted.Add(place, now);
            _permittedRegions.Add(place with { Group = "" }, now);
            _refused.Remove(refused => refused.Evidence switch
            {
                Evidence.Denied => refused.Place == place,
                Evidence.AccountRefused => refused.Place.RegionId == place.RegionId,
                _ => hasOpened && refused.Place.Action == place.Action,
            });
        }
    }

    /// <summary>The circuits to close, the narrowest first.</summary>
    public IReadOnlyList<CircuitKey> Refuse(CircuitCall call, Refusal refusal)
    {
        var place = new Place(call.Action, call.RegionId, call.Group);
        lock (_sync)
        {
            var now = clock.GetUtcNow();
            _refused.Add(new(refusal.Evidence, place, call.Resource, refusal.Code), now);
            return refusal.Evidence switch
            {
                Evidence.Denied => Denied(call, place, now),
                Evidence.AccountRefused => AccountRefused(call, now),
                Evidence.Unfamiliar => Unfamiliar(call, refusal.Code, now),
                _ => throw new UnreachableException($"{refusal.Evidence} says nothing of how wide a circuit is."),
            };
        }
    }

    private List<CircuitKey> Denied(in CircuitCall call, Place place, DateTimeOffset now)
    {
        _permitted.Remove(permitted => permitted == place);
        var isRegionRefused = !_permitted.Any(permitted => permitted.IsIn(place), now);
        if (isRegionRefused)
        {
            _permittedRegions.Remove(permitted => permitted.IsIn(place));
        }

        var others = _refused.All(refused => refused.Evidence == Evidence.Denied && refused.Place.Action == place.Action && refused.Place != place, now);
        List<CircuitKey> keys = [call.GroupKey];
        if (isRegionRefused && others.Any(other => other.Place.IsIn(place)))
        {
            keys.Add(call.RegionKey);
        }

        if (others.Any(other => !other.Place.IsIn(place)) && !_permittedRegions.Any(permitted => permitted.Action == place.Action, now))
        {
            keys.Add(call.ApiKey);
        }

        return keys;
    }

    private List<CircuitKey> AccountRefused(CircuitCall call, DateTimeOffset now)
    {
        _permitted.Remove(permitted => permitted.RegionId == call.RegionId);
        _permittedRegions.Remove(permitted => permitted.RegionId == call.RegionId);
        var isElsewhereToo = _refused.Any(refused => refused.Evidence == Evidence.AccountRefused && refused.Place.RegionId != call.RegionId, now);
        return isElsewhereToo && !_permittedRegions.Any(_ => true, now) ? [call.RegionKey, call.AccountKey] : [call.RegionKey];
    }

    private List<CircuitKey> Unfamiliar(CircuitCall call, string? code, DateTimeOffset now)
    {
        var same = _refused.All(refused => refused.Evidence == Evidence.Unfamiliar && refused.Place.Action == call.Action && refused.Code == code, now);
        return same.DistinctBy(refused => refused.Resource).Count() < UnfamiliarResources ? []
            : same.All(refused => refused.Place.Group == call.Group) ? [call.GroupKey]
            : same.All(refused => refused.Place.RegionId == call.RegionId) ? [call.RegionKey]
            : [call.ApiKey];
    }

    /// <summary>Where a call was made, and about which group.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(string Action, string RegionId, string Group)
    {
        public bool IsIn(Place other) => Action == other.Action && RegionId == other.RegionId;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Refused(Evidence Evidence, Place Place, string Resource, string? Code);
}
