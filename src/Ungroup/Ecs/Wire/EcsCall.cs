using Ungroup.Requests;

namespace Ungroup.Ecs.Wire;

internal sealed class EcsCall(string account, string regionId, string action, params KeyValuePair<string, string>[] parameters)
{
    public const string Version = "2014-05-26";

    public string Account => account;

    public string RegionId => regionId;

    public string Action => action;

    public string Query { get; } = CanonicalQuery.Of(parameters);

    /// <summary>The resource that it is made for.</summary>
    public string Resource { get; init; } = "";

    /// <summary>The security group that it is made for.</summary>
    public string Group { get; init; } = "";

    /// <summary>A read changes nothing: not to know its answer is only to ask again.</summary>
    public bool IsRead => action.StartsWith("Describe", StringComparison.Ordinal);

    public static EcsCall Leave(RemovalRequest request) => EcsPlace.Of(request).Leave(request.Resource.Value, request.SecurityGroup.Value);

    public static EcsCall ReadMembership(RemovalRequest request) => EcsPlace.Of(request).ReadMembership(request.Resource.Value, request.SecurityGroup.Value);

    public static EcsCall ReadSecurityGroup(RemovalRequest request) =>
        EcsPlace.Of(request).ReadGroup(request.SecurityGroup.Value, request.Resource.Value);
}
