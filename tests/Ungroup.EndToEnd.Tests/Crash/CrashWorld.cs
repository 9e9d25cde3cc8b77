using System.Globalization;
using System.Text.Json.Nodes;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>Many instances in two groups each, and an ECS that loses replies, is slow, throttles and breaks now and then.</summary>
internal static class CrashWorld
{
    private const string Base = "sg-crash-base";

    public const string Group = "sg-crash-web";

    public static readonly string[] FaultKinds =
        ["timeout-after-apply", "reset-after-apply", "service-unavailable", "timeout-before-apply", "conflict", "html-502"];

    public static string Instance(int number) => string.Create(CultureInfo.InvariantCulture, $"i-crash-{number:D6}");

    public static (string MessageId, string Body) Request(int number) => (
        string.Create(CultureInfo.InvariantCulture, $"m-{number}"),
        $$"""{"requestId":"r-{{number}}","instanceId":"{{Instance(number)}}","securityGroupId":"{{Group}}","regionId":"cn-hangzhou"}""");

    public static World Create(int instances, bool withFaults = true) => World.Parse(
        new JsonObject
        {
            ["accounts"] = Accounts(),
            ["regions"] = new JsonArray(new JsonObject
            {
                ["regionId"] = "cn-hangzhou",
                ["securityGroups"] = Groups(Base, Group),
                ["instances"] = new JsonArray([.. Enumerable.Range(0, instances).Select(number => new JsonObject
                {
                    ["instanceId"] = Instance(number), ["status"] = "Running", ["securityGroupIds"] = new JsonArray(Base, Group),
                })]),
            }),
            ["faults"] = withFaults ? Faults(instances) : new JsonArray(),
        }.ToJsonString(),
        "crash world");

    public static JsonArray Accounts() => new(new JsonObject
    {
        ["name"] = "default",
        ["accountId"] = "1234567890123456",
        ["accessKeyId"] = "sandbox-key",
        ["accessKeySecret"] = "sandbox-secret",
    });

    public static JsonArray Groups(params IEnumerable<string> ids) => new([.. ids.Select(id => new JsonObject
    {
        ["securityGroupId"] = id, ["type"] = "normal", ["vpcId"] = "vpc-crash",
    })]);

    private static JsonArray Faults(int instances)
    {
        return
        [
            .. Enumerable.Range(0, instances / 5).Select(n => new JsonObject
            {
                ["on"] = Instance(n * 5), ["action"] = "LeaveSecurityGroup", ["kind"] = FaultKinds[n % FaultKinds.Length], ["times"] = 1,
            }),
            // Every call takes a while, so that a kill finds some of them on their way.
            new JsonObject { ["on"] = "*", ["action"] = "LeaveSecurityGroup", ["kind"] = "slow", ["delayMs"] = 40, ["times"] = instances * 10 },
        ];
    }
}
