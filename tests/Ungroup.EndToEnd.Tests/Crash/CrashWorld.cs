using System.Globalization;
using System.Text.Json.Nodes;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>Many instances in two groups each, and an ECS that loses replies, is slow, throttles and breaks now and then.</summary>
internal static class CrashWorld
{
    private const string Base = "sg-crash-base";

    public const string Group = "sg-crash-web";

    public static string Instance(int number) => string.Create(CultureInfo.InvariantCulture, $"i-crash-{number:D6}");

    public static (string MessageId, string Body) Request(int number) => (
        string.Create(CultureInfo.InvariantCulture, $"m-{number}"),
        $$"""{"requestId":"r-{{number}}","instanceId":"{{Instance(number)}}","securityGroupId":"{{Group}}","regionId":"cn-hangzhou"}""");

    public static World Create(int instances, bool withFaults = true) => World.Parse(
        new JsonObject
        {
            ["accounts"] = new JsonArray(new JsonObject
            {
                ["name"] = "default",
                ["accountId"] = "1234567890123456",
                ["accessKeyId"] = "sandbox-key",
                ["accessKeySecret"] = "sandbox-secret",
            }),
            ["regions"] = new JsonArray(new JsonObject
            {
                ["regionId"] = "cn-hangzhou",
                ["securityGroups"] = new JsonArray([.. ((string[])[Base, Group]).Select(id => new JsonObject
                {
                    ["securityGroupId"] = id, ["type"] = "normal", ["vpcId"] = "vpc-crash",
                })]),
                ["instances"] = new JsonArray([.. Enumerable.Range(0, instances).Select(number => new JsonObject
                {
                    ["instanceId"] = Instance(number), ["status"] = "Running", ["securityGroupIds"] = new JsonArray(Base, Group),
                })]),
            }),
            ["faults"] = withFaults ? Faults(instances) : new JsonArray(),
        }.ToJsonString(),
        "crash world");

    private static JsonArray Faults(int instances)
    {
        var kinds = (string[])["timeout-after-apply", "reset-after-apply", "service-unavailable", "timeout-before-apply", "conflict", "html-502"];
        return
        [
            .. Enumerable.Range(0, instances / 5).Select(n => new JsonObject
            {
                ["on"] = Instance(n * 5), ["action"] = "LeaveSecurityGroup", ["kind"] = kinds[n % kinds.Length], ["times"] = 1,
            }),
            // Every call takes a while, so that a kill finds some of them on their way.
            new JsonObject { ["on"] = "*", ["action"] = "LeaveSecurityGroup", ["kind"] = "slow", ["delayMs"] = 40, ["times"] = instances * 10 },
        ];
    }
}
