using Ungroup.Requests;

namespace Ungroup.Ecs.Wire;

internal sealed class EcsCall(string account, string regionId, string action, params KeyValuePair<string, string>[] parameters)
{
    public const string Version = "2014-05-26";

    public string Account => account;

    public string RegionId => regionId;

    public string Action => action;

    public string Query { get; } = CanonicalQuery.Of(parameters);

    public bool IsRead => action.StartsWith("Describe", StringComparison.Ordinal);

    public static EcsCall Leave(RemovalRequest request) => Of(
        request,
        "LeaveSecurityGroup",
        new(request.Resource is ResourceId.Instance ? "InstanceId" : "NetworkInterfaceId", request.Resource.Value),
        new("SecurityGroupId", request.SecurityGroup.Value));

    /// <summary>The groups of an instance are those of its primary network interface.</summary>
    public static EcsCall ReadMembership(RemovalRequest request) => request.Resource is ResourceId.Instance
        ? Of(request, "DescribeInstances", new KeyValuePair<string, string>("InstanceIds", $"[\"{request.Resource}\"]"))
        : Of(request, "DescribeNetworkInterfaces", new KeyValuePair<string, string>("NetworkInterfaceId.1", request.Resource.Value));

    public static EcsCall ReadSecurityGroup(RemovalRequest request) =>
        Of(request, "DescribeSecurityGroups", new KeyValuePair<string, string>("SecurityGroupIds", $"[\"{request.SecurityGroup}\"]"));

    private static EcsCall Of(RemovalRequest request, string action, params KeyValuePair<string, string>[] parameters) =>
        new(request.Account, request.RegionId, action, [new("RegionId", request.RegionId), .. parameters]);
}
