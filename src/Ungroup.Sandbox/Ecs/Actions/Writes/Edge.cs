using System.Diagnostics.CodeAnalysis;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Writes;

/// <summary>
/// The resource and the group a Leave or a Join names, found in the order of sheet 7.3: parameters, then what exists, the resource first.
/// </summary>
internal sealed record Edge(string ResourceId, NetworkInterface Interface, Instance? Instance, SecurityGroup Group)
{
    public static bool TryFind(World world, EcsCall call, [NotNullWhen(true)] out Edge? edge, [NotNullWhen(false)] out EcsError? problem)
    {
        edge = null;
        var (instanceId, interfaceId) = (call.Parameters.Given("InstanceId"), call.Parameters.Given("NetworkInterfaceId"));
        var groupId = call.Parameters.Given("SecurityGroupId");
        problem = ParameterProblem(call, instanceId, interfaceId, groupId);
        if (problem is not null)
        {
            return false;
        }

        var instance = instanceId is null ? null : world.Inventory.FindInstance(instanceId, call.Account, call.RegionId);
        var eni = interfaceId is null ? instance?.Primary : world.Inventory.FindInterface(interfaceId, call.Account, call.RegionId);
        var group = world.Inventory.FindGroup(groupId!, call.Account, eni?.Place.RegionId);
        problem = eni is null ? (interfaceId is null ? EcsErrors.UnknownInstance : EcsErrors.UnknownInterface)
            : group is null ? EcsErrors.UnknownGroup
            : null;
        edge = problem is null ? new Edge(instanceId ?? interfaceId!, eni!, instance, group!) : null;
        return edge is not null;
    }

    /// <summary>Lock, status, managed: what refuses any change of this membership.</summary>
    public EcsError? RefusesChange(World world, DateTimeOffset now)
    {
        var problem = Instance is null
            ? ChangeRules.OfInterface(Interface, now - world.StartedAt)
            : ChangeRules.OfInstance(Instance, now - world.StartedAt);
        return problem ?? (Group.ServiceManaged ? EcsErrors.ManagedGroup : null);
    }

    private static EcsError? ParameterProblem(EcsCall call, string? instanceId, string? interfaceId, string? groupId)
    {
        if (instanceId is not null && interfaceId is not null)
        {
            return EcsErrors.BothIds;
        }

        // The instance form may leave the region to the host; the interface form must name it. [LSG-EN]
        if (interfaceId is not null && call.Parameters.Given("RegionId") is null)
        {
            return EcsErrors.MissingRegion;
        }

        return instanceId is null && interfaceId is null ? EcsErrors.Missing("InstanceId")
            : groupId is null ? EcsErrors.Missing("SecurityGroupId")
            : instanceId is not null && !Worlds.ResourceId.IsInstance(instanceId) ? EcsErrors.MalformedInstance
            : interfaceId is not null && !Worlds.ResourceId.IsNetworkInterface(interfaceId) ? EcsErrors.Malformed("NetworkInterfaceId")
            : !Worlds.ResourceId.IsSecurityGroup(groupId) ? EcsErrors.Malformed("SecurityGroupId")
            : null;
    }
}
