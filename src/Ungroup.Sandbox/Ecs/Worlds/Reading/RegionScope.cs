namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>Reads what every resource of a region has: its id, its owner, the groups it may be in, its status.</summary>
internal sealed class RegionScope(Place place, Func<ObjectAt, Account> ownerOf, Action<ObjectAt, string, string> claim)
{
    private readonly Dictionary<string, SecurityGroup> _groups = [];

    public string RegionId => place.RegionId;

    public IReadOnlyCollection<SecurityGroup> Groups => _groups.Values;

    public void Add(SecurityGroup group) => _groups.Add(group.Id, group);

    public Place PlaceOf(ObjectAt json) => place with { Account = ownerOf(json) };

    /// <summary>Refuses an id that is in this world already.</summary>
    public void Claim(ObjectAt json, string id, string member) => claim(json, id, member);

    public string Id(ObjectAt json, string member, string noun, string form, Predicate<string> hasForm)
    {
        var id = json.Text(member);
        if (!hasForm(id))
        {
            throw json.Refuse($"`{member}` was `{id}`; expected {form} with a-z, 0-9 and - after the prefix.", member);
        }

        claim(json, id, member);
        json.What = $"{noun} {id}";
        return id;
    }

    public IReadOnlyList<SecurityGroup>? GroupsOf(ObjectAt json)
    {
        const string Member = "securityGroupIds";
        if (json.OptionalTexts(Member) is not { } wanted)
        {
            return null;
        }

        if (wanted.Count == 0 || wanted.Distinct().Count() != wanted.Count)
        {
            throw json.Refuse($"`{Member}` of {json.What} must name at least one group, and none twice.", Member);
        }

        return [.. wanted.Select(id => _groups.TryGetValue(id, out var group)
            ? group
            : throw json.Refuse($"{json.What} is in {id}, but region {RegionId} has no such group.", Member))];
    }

    public static Lifecycle LifecycleOf(ObjectAt json, string[] statuses, string otherwise)
    {
        var status = json.OneOf("status", statuses, otherwise);
        if (json.OptionalObject("becomes") is not { } change)
        {
            return Lifecycle.Always(status);
        }

        var becomes = new Lifecycle(status, change.OneOf("status", statuses), TimeSpan.FromSeconds(change.Seconds("afterSeconds")));
        change.Done();
        return becomes;
    }
}
