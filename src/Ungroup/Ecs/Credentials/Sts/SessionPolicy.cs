namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>
/// A policy that comes along when a role is assumed: what the credentials may do is what both allow. ECS checks the resource and
/// the group of a removal, so naming the groups is the best limit of all.
/// </summary>
internal static class SessionPolicy
{
    /// <summary>STS takes no longer one.</summary>
    public const int LongestPolicy = 2048;

    /// <summary>Null where the role is not narrowed.</summary>
    public static string? For(IReadOnlyList<string> groups) => groups.Count == 0 ? null
        : """{"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:LeaveSecurityGroup","Resource":["""
            + string.Join(',', groups.Select(group => $"\"acs:ecs:*:*:securitygroup/{group}\"").Prepend("\"acs:ecs:*:*:instance/*\",\"acs:ecs:*:*:eni/*\""))
            + """]},{"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}]}""";
}
