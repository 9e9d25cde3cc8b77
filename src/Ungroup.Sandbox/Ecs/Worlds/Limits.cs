using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>Limits of a whole world.</summary>
internal sealed record Limits(int GroupsPerInterface, TimeSpan ReadLag)
{
    // https://help.aliyun.com/zh/ecs/user-guide/start-using-security-groups [SG-USE]
    private const int UsualGroups = 10;

    public static Limits Read(ObjectAt root) => new(
        root.OptionalNumber("groupsPerInterface", least: 1) ?? UsualGroups,
        TimeSpan.FromMilliseconds(root.OptionalNumber("readLagMs", least: 0) ?? 0));
}
