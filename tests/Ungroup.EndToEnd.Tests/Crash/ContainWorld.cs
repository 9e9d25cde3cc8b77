using System.Globalization;
using System.Text.Json.Nodes;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>Hosts with three interfaces each, a group to isolate them in, and an ECS that loses replies, breaks and reads late now and then.</summary>
internal static class ContainWorld
{
    private const string Base = "sg-crash-base";
    private const string Web = "sg-crash-web";

    public const string Isolation = "sg-crash-isolation";

    /// <summary>The interfaces of a host, its primary one by the instance's id, and the groups that each is in.</summary>
    public static IReadOnlyDictionary<string, string[]> Interfaces(int host) => new Dictionary<string, string[]>
    {
        [Instance(host)] = [Base, Web],
        [Card(host, 2)] = [Web],
        [Card(host, 3)] = [Base, Web],
    };

    public static (string MessageId, string Body) Contain(int host) => (
        $"m-con-{host}",
        $$"""{"requestId":"con-{{host}}","action":"contain","instanceId":"{{Instance(host)}}","isolationGroupId":"{{Isolation}}","regionId":"cn-hangzhou"}""");

    public static (string MessageId, string Body) Restore(int host) => (
        $"m-res-{host}", $$"""{"requestId":"res-{{host}}","action":"restore","of":"con-{{host}}"}""");

    public static World Create(int hosts) => World.Parse(
        new JsonObject
        {
            ["accounts"] = CrashWorld.Accounts(),
            ["regions"] = new JsonArray(new JsonObject
            {
                ["regionId"] = "cn-hangzhou",
                ["securityGroups"] = CrashWorld.Groups(Base, Web, Isolation),
                ["instances"] = new JsonArray([.. Enumerable.Range(0, hosts).Select(host => new JsonObject
                {
                    ["instanceId"] = Instance(host), ["status"] = "Running", ["securityGroupIds"] = Texts(Interfaces(host)[Instance(host)]),
                })]),
                ["networkInterfaces"] = new JsonArray([.. Enumerable.Range(0, hosts).SelectMany(host => ((int[])[2, 3]).Select(card => new JsonObject
                {
                    ["networkInterfaceId"] = Card(host, card),
                    ["type"] = "Secondary",
                    ["status"] = "InUse",
                    ["instanceId"] = Instance(host),
                    ["securityGroupIds"] = Texts(Interfaces(host)[Card(host, card)]),
                }))]),
            }),
            ["faults"] = Faults(hosts),
        }.ToJsonString(),
        "contain world");

    private static JsonArray Faults(int hosts)
    {
        return
        [
            .. Enumerable.Range(0, hosts / 3).SelectMany(n => ((string[])["JoinSecurityGroup", "LeaveSecurityGroup"]).Select((action, at) => new JsonObject
            {
                ["on"] = at == 0 ? Instance(n * 3) : Card(n * 3, 3), ["action"] = action, ["kind"] = CrashWorld.FaultKinds[((n * 2) + at) % CrashWorld.FaultKinds.Length], ["times"] = 1,
            })),

            // Every change takes a while, so that a kill finds some of them on their way.
            .. ((string[])["JoinSecurityGroup", "LeaveSecurityGroup"]).Select(action =>
                new JsonObject { ["on"] = "*", ["action"] = action, ["kind"] = "slow", ["delayMs"] = 40, ["times"] = 100_000 }),
        ];
    }

    private static string Instance(int host) => string.Create(CultureInfo.InvariantCulture, $"i-con-{host:D4}");

    private static string Card(int host, int card) => string.Create(CultureInfo.InvariantCulture, $"eni-con-{host:D4}-{card}");

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
