using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions;

/// <summary>When a membership may change at all. [LSG-EN]</summary>
internal static class ChangeRules
{
    // Groups per interface: https://help.aliyun.com/zh/ecs/user-guide/start-using-security-groups [SG-USE]
    public const int MostGroups = 10;

    public static EcsError? OfInstance(Instance instance, TimeSpan sinceStart) =>
        instance.Locks.Contains("security") ? EcsErrors.SecurityLock
        : instance.Lifecycle.At(sinceStart) is not ("Running" or "Stopped") ? EcsErrors.InstanceStatus
        : instance.Primary.ServiceManaged ? EcsErrors.ManagedInterface
        : null;

    public static EcsError? OfInterface(NetworkInterface eni, TimeSpan sinceStart) =>
        eni.Type == NetworkInterface.Primary ? EcsErrors.InterfaceType
        : eni.Lifecycle.At(sinceStart) is not ("Available" or "InUse") ? EcsErrors.InterfaceState
        : eni.ServiceManaged ? EcsErrors.ManagedInterface
        : null;

    public static bool SameVpc(string? one, string? other) => one is null || other is null || one == other;

    public static bool IsFull(World world, SecurityGroup group) => group.Capacity is { } capacity && world.MembersOf(group) >= capacity;
}
