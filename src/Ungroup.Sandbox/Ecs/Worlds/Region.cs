namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>What one entry of `regions` holds. The same region may appear once per account.</summary>
internal sealed record Region(
    Place Place,
    IReadOnlyList<SecurityGroup> Groups,
    IReadOnlyList<Instance> Instances,
    IReadOnlyList<NetworkInterface> Interfaces);
