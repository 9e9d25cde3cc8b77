namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>Narrows a role while it is assumed. ECS checks the resource and the group of a change, so naming the groups is the best limit.</summary>
internal static class SessionPolicy
{
    public const int LongestPolicy = 2048;

    /// <summary>Null where it is not narrowed. Of an account without isolation groups a removal's call alone is allowed.</summary>
    public static string? For(AccountOptions account) => account.SessionPolicyGroups.Count == 0 ? null
        : $$"""{"Version":"1","Statement":[{"Effect":"Allow","Action":{{Actions(account)}},"Resource":["""
            + string.Join(',', Groups(account).Select(group => $"\"acs:ecs:*:*:securitygroup/{group}\"").Prepend("\"acs:ecs:*:*:instance/*\",\"acs:ecs:*:*:eni/*\""))
            + """]},{"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}]}""";

    private static string Actions(AccountOptions account) => account.IsolationGroups.Count == 0 ? "\"ecs:LeaveSecurityGroup\""
        : account.ContainBy == ContainBy.JoinThenLeave ? """["ecs:LeaveSecurityGroup","ecs:JoinSecurityGroup"]"""
        : """["ecs:LeaveSecurityGroup","ecs:JoinSecurityGroup","ecs:ModifyInstanceAttribute","ecs:ModifyNetworkInterfaceAttribute"]""";

    private static IEnumerable<string> Groups(AccountOptions account) => account.SessionPolicyGroups.Union(account.IsolationGroups, StringComparer.Ordinal);
}
