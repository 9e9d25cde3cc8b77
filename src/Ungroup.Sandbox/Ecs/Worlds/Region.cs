namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>One entry of `regions`. The same region may appear once per account.</summary>
internal sealed class Region(
    Place place, IReadOnlyList<SecurityGroup> groups, IReadOnlyList<Instance> instances, IReadOnlyList<NetworkInterface> interfaces)
{
    public Place Place { get; } = place;

    public IReadOnlyList<SecurityGroup> Groups { get; set; } = groups;

    public IReadOnlyList<Instance> Instances { get; set; } = instances;

    public IReadOnlyList<NetworkInterface> Interfaces { get; set; } = interfaces;
}
