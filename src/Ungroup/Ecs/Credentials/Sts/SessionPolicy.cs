namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>Narrows a role while it is assumed. ECS checks a removal's resource and group, so naming the groups is the best limit.</summary>
internal static class SessionPolicy
{
    public const int LongestPolicy = 2048;

    public static string? For(IReadOnlyList<string> groups) => groups.Count == 0 ? null
        : """{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:LeaveSecurityGroup","Resource":["""
            + string.Join(',', groups.Select(group => $"\"acs:ecs:*:*:securitygroup/{group}\"").Prepend("\"acs:ecs:*:*:instance/*\",\"acs:ecs:*:*:eni/*\""))
            + """]},{"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}]}""";
}
