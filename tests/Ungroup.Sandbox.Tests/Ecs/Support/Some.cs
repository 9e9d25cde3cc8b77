using Ungroup.Sandbox.Ecs;

namespace Ungroup.Sandbox.Tests.Ecs.Support;

/// <summary>The worlds tests start from.</summary>
internal static class Some
{
    public const string Instance = "i-web";
    public const string Interface = "eni-app";
    public const string Base = "sg-base";
    public const string Web = "sg-web";

    /// <summary>One of everything the rules distinguish, in region `r1`, with a little in `r2` and another account.</summary>
    public static World World(string faults = "", string quotas = "", string denials = "", string changes = "") => Sandbox.Ecs.World.Parse($$"""
        {
          "accounts": [
            { "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" },
            { "name": "other", "accountId": "2", "accessKeyId": "other-key", "accessKeySecret": "other-secret" },
            { "name": "sts", "accountId": "3", "accessKeyId": "STS.key", "accessKeySecret": "sts-secret", "securityToken": "to+ken/=" }
          ],
          "regions": [
            {
              "regionId": "r1",
              "securityGroups": [
                { "securityGroupId": "sg-base", "vpcId": "vpc-1" },
                { "securityGroupId": "sg-web", "vpcId": "vpc-1" },
                { "securityGroupId": "sg-spare", "vpcId": "vpc-1" },
                { "securityGroupId": "sg-full", "vpcId": "vpc-1", "capacity": 1 },
                { "securityGroupId": "sg-managed", "vpcId": "vpc-1", "serviceManaged": true },
                { "securityGroupId": "sg-enterprise", "vpcId": "vpc-1", "type": "enterprise" },
                { "securityGroupId": "sg-elsewhere", "vpcId": "vpc-2" },
                { "securityGroupId": "sg-other", "account": "other" }
              ],
              "instances": [
                { "instanceId": "i-web", "instanceName": "隔离 web", "securityGroupIds": ["sg-base", "sg-web"], "tags": { "env": "prod" } },
                { "instanceId": "i-solo", "securityGroupIds": ["sg-web"] },
                { "instanceId": "i-stopped", "status": "Stopped", "securityGroupIds": ["sg-base", "sg-web"] },
                { "instanceId": "i-locked", "status": "Starting", "locks": ["security"], "securityGroupIds": ["sg-base", "sg-web"] },
                { "instanceId": "i-unpaid", "locks": ["financial"], "securityGroupIds": ["sg-base", "sg-web"] },
                { "instanceId": "i-boot", "status": "Starting", "becomes": { "status": "Running", "afterSeconds": 3 }, "securityGroupIds": ["sg-base", "sg-web"] },
                { "instanceId": "i-managed", "securityGroupIds": ["sg-base", "sg-managed", "sg-full"] },
                { "instanceId": "i-theirs", "account": "other", "securityGroupIds": ["sg-other"] },
                { "instanceId": "i-listed" }
              ],
              "networkInterfaces": [
                { "networkInterfaceId": "eni-listed", "type": "Primary", "instanceId": "i-listed", "securityGroupIds": ["sg-base", "sg-web"] },
                { "networkInterfaceId": "eni-app", "instanceId": "i-web", "securityGroupIds": ["sg-base", "sg-web"] },
                { "networkInterfaceId": "eni-solo", "status": "Available", "securityGroupIds": ["sg-web"] },
                { "networkInterfaceId": "eni-moving", "status": "Detaching", "becomes": { "status": "Available", "afterSeconds": 3 }, "securityGroupIds": ["sg-base", "sg-web"] },
                { "networkInterfaceId": "eni-managed", "serviceManaged": true, "instanceId": "i-web", "securityGroupIds": ["sg-base", "sg-web"] }
              ]
            },
            {
              "regionId": "r2",
              "securityGroups": [{ "securityGroupId": "sg-far" }, { "securityGroupId": "sg-far-2" }],
              "instances": [{ "instanceId": "i-far", "securityGroupIds": ["sg-far", "sg-far-2"] }]
            },
            { "regionId": "r3" }
          ],
          "quotas": [{{quotas}}],
          "faults": [{{faults}}],
          "denials": [{{denials}}],
          "changes": [{{changes}}]
        }
        """, "world.json");
}
