using System.Collections.Frozen;
using Ungroup.Sandbox.Ecs.Actions.Reads;
using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions;

/// <summary>Every action the simulator answers, by the name that calls it.</summary>
internal static class ActionTable
{
    private static readonly FrozenDictionary<string, Func<World, EcsCall, ActionResult>> Actions =
        new Dictionary<string, Func<World, EcsCall, ActionResult>>
        {
            [nameof(LeaveSecurityGroup)] = LeaveSecurityGroup.Perform,
            [nameof(JoinSecurityGroup)] = JoinSecurityGroup.Perform,
            [nameof(ModifyInstanceAttribute)] = ModifyInstanceAttribute.Perform,
            [nameof(ModifyNetworkInterfaceAttribute)] = ModifyNetworkInterfaceAttribute.Perform,
            [nameof(DescribeInstances)] = DescribeInstances.Perform,
            [nameof(DescribeInstanceAttribute)] = DescribeInstanceAttribute.Perform,
            [nameof(DescribeNetworkInterfaces)] = DescribeNetworkInterfaces.Perform,
            [nameof(DescribeNetworkInterfaceAttribute)] = DescribeNetworkInterfaceAttribute.Perform,
            [nameof(DescribeSecurityGroups)] = DescribeSecurityGroups.Perform,
            [nameof(DescribeSecurityGroupAttribute)] = DescribeSecurityGroupAttribute.Perform,
            [nameof(DescribeInstanceRamRole)] = DescribeInstanceRamRole.Perform,
        }.ToFrozenDictionary();

    public static IReadOnlyCollection<string> Names => Actions.Keys;

    public static Func<World, EcsCall, ActionResult>? Find(string name) => Actions.GetValueOrDefault(name);
}
