using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Writes;

/// <summary>When a membership may change at all. [LSG-EN]</summary>
internal static class ChangeRules
{
    public static EcsError? OfInstance(Instance instance, TimeSpan sinceStart) =>
        instance.Locks.Contains("security") ? EcsErrors.SecurityLock
        : instance.Lifecycle.At(sinceStart) is not ("Running" or "Stopped") ? EcsErrors.InstanceStatus
        : instance.Primary.ServiceManaged ? EcsErrors.ManagedInterface
        : null;

    public static EcsError? OfInterface(NetworkInterface eni, TimeSpan sinceStart) =>
        eni.Type == NetworkInterface.Primary ? EcsErrors.InterfaceType
        : eni.Lifecycle.At(sinceStart) is not ("Available" or "InUse") ? EcsErrors.InterfaceState
        : eni.ServiceManaged ? EcsErrors.ManagedInterface
        : eni.IsOfContainer ? EcsErrors.ContainerInterface
        : null;

    public static bool SameVpc(string? one, string? other) => one is null || other is null || one == other;

    public static bool IsFull(World world, SecurityGroup group, NetworkInterface eni) =>
        group.OwnCapacity is { } capacity && world.Inventory.RoomTaken(group) + group.RoomFor(eni) > capacity;
}
