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

    public bool Knows(string id) => Groups.ContainsKey(id) || Instances.ContainsKey(id) || Interfaces.ContainsKey(id);
}
