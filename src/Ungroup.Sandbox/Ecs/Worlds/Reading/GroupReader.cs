namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>Reads a group and its rules.</summary>
internal static class GroupReader
{
    private const int LowestPriority = 100;

    public static SecurityGroup Read(ObjectAt json, RegionScope scope)
    {
        var id = scope.Id(json, "securityGroupId", "security group", "sg-…", ResourceId.IsSecurityGroup);
        var type = json.OneOf("type", [SecurityGroup.Normal, SecurityGroup.Enterprise], SecurityGroup.Normal);
        var group = new SecurityGroup(id, scope.PlaceOf(json))
        {
            Type = type,
            Name = json.OptionalText("securityGroupName"),
            Description = json.OptionalText("description"),
            VpcId = json.OptionalText("vpcId"),
            ServiceManaged = json.Flag("serviceManaged", otherwise: false),
            OwnCapacity = json.OptionalNumber("capacity", least: 1),
            Tags = json.Texts("tags"),
            InnerAccessPolicy = PolicyOf(json, DefaultPolicy(type)),
            Rules = RulesOf(json, id),
        };
        json.Done();
        return group;
    }

    public static string PolicyOf(ObjectAt json, string otherwise) =>
        json.OneOf("innerAccessPolicy", [SecurityGroup.Accept, SecurityGroup.Drop], otherwise);

    public static IReadOnlyList<GroupRule> RulesOf(ObjectAt json, string groupId) =>
        [.. json.Objects("rules", $"a rule of {json.What}").Select((rule, index) => ReadRule(rule, $"sgr-{groupId["sg-".Length..]}-{index + 1}"))];

    // Members of a basic group reach each other unless told otherwise, those of an advanced one never. [SG-USE][SG-RULES]
    private static string DefaultPolicy(string type) => type == SecurityGroup.Normal ? SecurityGroup.Accept : SecurityGroup.Drop;

    private static GroupRule ReadRule(ObjectAt json, string id)
    {
        var direction = json.OneOf("direction", [GroupRule.Ingress, GroupRule.Egress]);
        var side = direction == GroupRule.Ingress ? "source" : "dest";
        var ipv6 = direction == GroupRule.Ingress ? "ipv6SourceCidrIp" : "ipv6DestCidrIp";
        var rule = new GroupRule(
            id,
            direction,
            json.OneOf("policy", [SecurityGroup.Accept, SecurityGroup.Drop], SecurityGroup.Accept),
            json.OneOf("ipProtocol", GroupRule.Protocols, GroupRule.Protocols[0]),
            json.OptionalText("portRange") ?? "-1/-1",
            Priority(json))
        {
            CidrIp = json.OptionalText($"{side}CidrIp"),
            Ipv6CidrIp = json.OptionalText(ipv6),
            GroupId = json.OptionalText($"{side}GroupId"),
            PrefixListId = json.OptionalText($"{side}PrefixListId"),
            Description = json.OptionalText("description"),
        };
        json.Done();
        string?[] peers = [rule.CidrIp, rule.Ipv6CidrIp, rule.GroupId, rule.PrefixListId];
        return peers.Count(peer => peer is not null) == 1
            ? rule
            : throw json.Refuse($"{json.What} needs exactly one of `{side}CidrIp`, `{ipv6}`, `{side}GroupId` and `{side}PrefixListId`: whom it is about.");
    }

    private static int Priority(ObjectAt json) => (json.OptionalNumber("priority", least: 1) ?? 1) is var priority && priority <= LowestPriority
        ? priority
        : throw json.Refuse($"`priority` of {json.What} was {priority}; expected 1 to {LowestPriority}.", "priority");
}
