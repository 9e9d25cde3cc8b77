using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions.Writes;

/// <summary>https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-joinsecuritygroup [JSG]</summary>
internal static class JoinSecurityGroup
{
    private static readonly EcsError AlreadyMember = new(
        403, "InvalidInstanceId.AlreadyExists", "The specified instance already exists in the specified security group.");

    private static readonly EcsError InstanceVpc = new(
        400, "InvalidInstanceId.Mismatch", "The specified instance and security group are not in the same VPC.");

    private static readonly EcsError InterfaceVpc = new(
        403, "InvalidOperation.VpcMismatch", "The network interface and the security group are not in the same VPC.");

    private static readonly EcsError MixedTypes = new(
        400, "InvalidOperation.MultiGroupType", "A resource cannot be in basic and advanced security groups at once.");

    private static readonly EcsError TooManyGroups = new(
        403, "InstanceSecurityGroupLimitExceeded", "The maximum number of security groups of the resource is exceeded.");

    private static readonly EcsError GroupFull = new(
        403, "SecurityGroupInstanceLimitExceeded", "The maximum number of instances in the security group is exceeded.");

    public static ActionResult Perform(World world, EcsCall call)
    {
        if (!Edge.TryFind(world, call, out var edge, out var problem))
        {
            return problem;
        }

        var (membership, group) = (edge.Interface.Membership, edge.Group);
        var refusal = edge.RefusesChange(world, call.Now)
            ?? (membership.Contains(group) ? AlreadyMember
            : !ChangeRules.SameVpc(edge.Interface.VpcId, group.VpcId) ? (edge.Instance is null ? InterfaceVpc : InstanceVpc)
            : membership.Groups.Any(other => other.Type != group.Type) ? MixedTypes
            : membership.Groups.Count >= world.Limits.GroupsPerInterface ? TooManyGroups
            : ChangeRules.IsFull(world, group, edge.Interface) ? GroupFull
            : null);
        return refusal is not null ? refusal : MembershipChange.To(world, call, edge.Interface, [.. membership.Groups, group]);
    }
}
