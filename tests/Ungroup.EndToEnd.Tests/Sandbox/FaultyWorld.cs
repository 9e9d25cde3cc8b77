using System.Text.Json.Nodes;

namespace Ungroup.EndToEnd.Tests.Sandbox;

/// <summary>An instance for each kind of fault, and requests with everything that can be wrong with one, twins among them.</summary>
internal static class FaultyWorld
{
    private static readonly JsonObject[] Faults =
    [
        Fault("conflict"), Fault("internal-error"), Fault("service-unavailable"), Fault("timeout-before-apply"), Fault("timeout-after-apply"),
        Fault("reset-before-apply"), Fault("reset-after-apply"), Fault("html-502"), Fault("empty-504"), Fault("lowercase-error-keys"),
        Fault("internal-error", ("afterApply", true)), Fault("html-502", ("afterApply", true)), Fault("empty-504", ("afterApply", true)),
        Fault("slow", ("delayMs", 1200)), Fault("stale-read", ("forMs", 500)), Fault("timeout-after-apply", ("after", 1)),
    ];

    private static readonly string[] Others =
    [
        Request("nobody", "i-nowhere"),
        Request("last", "i-last"),
        Request("dry", "i-dry", ",\"dryRun\":true"),
        Request("late", "i-dry", ",\"expiresAt\":\"2025-01-01T00:00:00Z\""),
        Request("typo", "i-dry", ",\"dryrun\":true"),
        "",
        "not json",
        """{"requestId":"both","instanceId":"i-dry","networkInterfaceId":"eni-1","securityGroupId":"sg-web","regionId":"cn-hangzhou"}""",

        // The first line's request again, and another one under its key: further from it than the app has in hand at once.
        Request("twin", "i-twin"),
        Request("twin", "i-dry"),
    ];

    public static string Text { get; } = new JsonObject
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
            ["securityGroups"] = new JsonArray(Group("sg-base"), Group("sg-web")),
            ["instances"] = new JsonArray(
            [
                .. Enumerable.Range(0, Faults.Length).Select(number => Instance($"i-{number}", "sg-base", "sg-web")),
                Instance("i-dry", "sg-base", "sg-web"),
                Instance("i-twin", "sg-base", "sg-web"),
                Instance("i-last", "sg-web"),
            ]),
        }),
        ["faults"] = new JsonArray([.. Faults.Select((fault, number) => With(fault, ("on", $"i-{number}")))]),
    }.ToJsonString();

    public static string Requests { get; } = string.Join(
        '\n', [Request("twin", "i-twin"), .. Enumerable.Range(0, Faults.Length).Select(number => Request($"r-{number}", $"i-{number}")), .. Others]);

    public static int Lines { get; } = Requests.Split('\n').Length;

    private static string Request(string id, string instance, string more = "") =>
        $$"""{"requestId":"{{id}}","instanceId":"{{instance}}","securityGroupId":"sg-web","regionId":"cn-hangzhou"{{more}}}""";

    private static JsonObject Group(string id) => new() { ["securityGroupId"] = id, ["type"] = "normal", ["vpcId"] = "vpc-1" };

    private static JsonObject Instance(string id, params string[] groups) =>
        new() { ["instanceId"] = id, ["status"] = "Running", ["securityGroupIds"] = new JsonArray([.. groups.Select(group => JsonValue.Create(group))]) };

    private static JsonObject Fault(string kind, params (string Name, JsonNode Value)[] more) =>
        With(new() { ["action"] = "LeaveSecurityGroup", ["kind"] = kind, ["times"] = 1 }, more);

    private static JsonObject With(JsonObject fault, params (string Name, JsonNode Value)[] more)
    {
        foreach (var (name, value) in more)
        {
            fault[name] = value;
        }

        return fault;
    }
}
