namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>Every resource by its id, in file order. A new one is made when something comes or goes, so that readers need no lock.</summary>
internal sealed class Inventory(IReadOnlyList<Region> regions)
{
    public IReadOnlyDictionary<string, SecurityGroup> Groups { get; } =
        regions.SelectMany(region => region.Groups).ToDictionary(group => group.Id);

    public IReadOnlyDictionary<string, Instance> Instances { get; } =
        regions.SelectMany(region => region.Instances).ToDictionary(instance => instance.Id);

    public IReadOnlyDictionary<string, NetworkInterface> Interfaces { get; } =
        regions.SelectMany(region => region.Interfaces).ToDictionary(eni => eni.Id);

    /// <summary>The interface whose groups are the resource's own: an instance stands for its primary one.</summary>
    public NetworkInterface? InterfaceOf(string resourceId) => Instances.TryGetValue(resourceId, out var instance)
        ? instance.Primary
        : Interfaces.GetValueOrDefault(resourceId);

    public Instance? FindInstance(string id, Account account, string? regionId) =>
        Instances.TryGetValue(id, out var found) && found.Place.IsIn(account, regionId) ? found : null;

    public NetworkInterface? FindInterface(string id, Account account, string? regionId) =>
        Interfaces.TryGetValue(id, out var found) && found.Place.IsIn(account, regionId) ? found : null;

    public SecurityGroup? FindGroup(string id, Account account, string? regionId) =>
        Groups.TryGetValue(id, out var found) && found.Place.IsIn(account, regionId) ? found : null;

    public IEnumerable<Instance> InstancesIn(Account account, string regionId, IReadOnlyList<string>? ids = null) =>
        Among(Instances, ids).Where(instance => instance.Place.IsIn(account, regionId));

    public IEnumerable<NetworkInterface> InterfacesIn(Account account, string regionId, IReadOnlyList<string>? ids = null) =>
        Among(Interfaces, ids).Where(eni => eni.Place.IsIn(account, regionId));

    public IEnumerable<SecurityGroup> GroupsIn(Account account, string regionId) =>
        Groups.Values.Where(group => group.Place.IsIn(account, regionId));

    public IEnumerable<NetworkInterface> MembersOf(SecurityGroup group) => Interfaces.Values.Where(eni => eni.Membership.Contains(group));

    public int RoomTaken(SecurityGroup group) => MembersOf(group).Sum(group.RoomFor);

    private static IEnumerable<T> Among<T>(IReadOnlyDictionary<string, T> all, IReadOnlyList<string>? ids)
        where T : class => ids is null ? all.Values : ids.Distinct().Select(id => all.GetValueOrDefault(id)).OfType<T>();

    public IEnumerable<string> Ids => [.. Groups.Keys, .. Instances.Keys, .. Interfaces.Keys];

    public bool Knows(string id) => Groups.ContainsKey(id) || Instances.ContainsKey(id) || Interfaces.ContainsKey(id);
}
