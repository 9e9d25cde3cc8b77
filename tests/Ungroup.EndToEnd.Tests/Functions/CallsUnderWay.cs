using System.Text.Json;

namespace Ungroup.EndToEnd.Tests.Functions;

/// <summary>A world whose calls take a while, and how many of them have begun: as many as there are slow answers used up.</summary>
internal static class CallsUnderWay
{
    private const int Most = 1_000;

    public static string World(int instances, int delayMs) => $$"""
        {
          "accounts": [{ "name": "default", "accountId": "1234567890123456", "accessKeyId": "sandbox-key", "accessKeySecret": "sandbox-secret" }],
          "regions": [{
            "regionId": "cn-hangzhou",
            "securityGroups": [{ "securityGroupId": "sg-base", "vpcId": "v" }, { "securityGroupId": "sg-web", "vpcId": "v" }],
            "instances": [
              {{string.Join(',', Enumerable.Range(1, instances).Select(number => $$"""{ "instanceId": "i-{{number}}", "securityGroupIds": ["sg-base", "sg-web"] }"""))}}
            ]
          }],
          "faults": [{ "on": "*", "action": "LeaveSecurityGroup", "kind": "slow", "delayMs": {{delayMs}}, "times": {{Most}} }]
        }
        """;

    public static (string MessageId, string Body) Request(int number) => (
        $"m-{number}", $$"""{"requestId":"r-{{number}}","instanceId":"i-{{number}}","securityGroupId":"sg-web","regionId":"cn-hangzhou"}""");

    public static async Task<int> CountAsync(Uri ecs, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var state = JsonElement.Parse(await http.GetStringAsync(new Uri(ecs, "_sim/state"), cancellationToken));
        return Most - state.GetProperty("faults")[0].GetProperty("left").GetInt32();
    }
}
