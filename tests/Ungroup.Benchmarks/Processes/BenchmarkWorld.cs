using Ungroup.Sandbox.Ecs;

namespace Ungroup.Benchmarks.Processes;

/// <summary>So many instances, each in a group it may leave; a removal is real only once, so every call takes another one.</summary>
internal static class BenchmarkWorld
{
    public const string Region = "cn-hangzhou";
    public const string Group = "sg-bp1web00000000000001";
    public const string KeyId = "LTAI5tBenchmarkBenchmark";
    public const string Secret = "benchmarkbenchmarkbenchmark000";

    private const string BaseGroup = "sg-bp1base0000000000001";

    public static string Instance(int number) => $"i-bp1{number:D17}";

    public static World Of(int instances, params IEnumerable<(string Action, int CallsAMinute)> quotas) => World.Parse(JsonOf(instances, quotas), "benchmark-world.json");

    public static string JsonOf(int instances, params IEnumerable<(string Action, int CallsAMinute)> quotas)
    {
        var limits = string.Join(",\n", quotas.Select(quota => $$"""{ "action": "{{quota.Action}}", "calls": {{quota.CallsAMinute}}, "perSeconds": 60 }"""));
        var list = string.Join(",\n", Enumerable.Range(0, instances).Select(number =>
            $$"""{ "instanceId": "{{Instance(number)}}", "status": "Running", "securityGroupIds": ["{{BaseGroup}}", "{{Group}}"] }"""));
        return
            $$"""
            {
              "accounts": [
                { "name": "default", "accountId": "1234567890123456", "accessKeyId": "{{KeyId}}", "accessKeySecret": "{{Secret}}" }
              ],
              "regions": [{
                "regionId": "{{Region}}",
                "securityGroups": [
                  { "securityGroupId": "{{BaseGroup}}", "type": "enterprise", "vpcId": "vpc-bp1a" },
                  { "securityGroupId": "{{Group}}", "type": "enterprise", "vpcId": "vpc-bp1a" }
                ],
                "instances": [{{list}}],
                "networkInterfaces": []
              }],
              "quotas": [{{limits}}],
              "faults": []
            }
            """;
    }
}
