using System.Text.Json;

namespace Ungroup.Sandbox.Ecs.Wire;

/// <summary>A call whose caller is known: what an action decides on.</summary>
internal sealed record EcsCall(string Action, Account Account, Parameters Parameters, string? RegionId, DateTimeOffset Now)
{
    private static readonly string[] ResourceParameters = ["InstanceId", "NetworkInterfaceId", "SecurityGroupId"];

    public static EcsCall From(WireRequest request, Account account, DateTimeOffset now) =>
        new(request.Action, account, request.Parameters, request.Parameters.Given("RegionId") ?? RegionOf(request.Host), now);

    /// <summary>Every id the call names, whether alone, in a repeat list or in a JSON array: what faults are matched with.</summary>
    public IReadOnlyCollection<string> Resources => field ??= FindResources();

    /// <summary>The thing that the call is about, as policies name it. https://www.alibabacloud.com/help/en/ram/user-guide/policy-elements</summary>
    public IEnumerable<string> ResourceNames =>
        from kind in (KeyValuePair<string, string>[])[new("InstanceId", "instance"), new("NetworkInterfaceId", "eni"), new("SecurityGroupId", "securitygroup")]
        from id in (string?[])[Parameters.Given(kind.Key), .. kind.Value == "securitygroup" ? WantedGroups : []]
        where id is not null
        select $"acs:ecs:{RegionId}:{Account.AccountId}:{kind.Value}/{id}";

    // The whole set of the two Modify calls: one spells it in the plural. [MIA][MNIA]
    private IEnumerable<string> WantedGroups => [.. Parameters.Numbered("SecurityGroupIds"), .. Parameters.Numbered("SecurityGroupId")];

    public bool Asks(string flag) => string.Equals(Parameters[flag], "true", StringComparison.OrdinalIgnoreCase);

    // The call is routed by host, so a regional host implies its region.
    // https://alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-endpoint [ENDP]
    private static string? RegionOf(string host)
    {
        var parts = host.Split(':')[0].Split('.');
        return parts is ["ecs" or "ecs-vpc", var region, "aliyuncs", "com"] ? region : null;
    }

    private HashSet<string> FindResources()
    {
        var resources = new HashSet<string>();
        foreach (var (name, value) in Parameters.All)
        {
            if (ResourceParameters.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                resources.UnionWith(IdList.TryParse(value, out var ids) ? ids : [value]);
            }
        }

        return resources;
    }
}

/// <summary>`InstanceIds` and `SecurityGroupIds` of the Describe calls: a JSON array in a string. [SDK-MODEL]</summary>
internal static class IdList
{
    public static bool TryParse(string text, out IReadOnlyList<string> ids)
    {
        ids = [];
        if (!text.StartsWith('['))
        {
            return false;
        }

        try
        {
            ids = JsonSerializer.Deserialize<string[]>(text) ?? [];
            return ids.All(id => id is not null);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
