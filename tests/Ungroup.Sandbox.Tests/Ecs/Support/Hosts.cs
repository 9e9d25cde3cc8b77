using Ungroup.Sandbox.Ecs;

namespace Ungroup.Sandbox.Tests.Ecs.Support;

/// <summary>Hosts with everything that a containment reads, in region `r1`.</summary>
internal static class Hosts
{
    public static World World(string more = "", string faults = "") => Sandbox.Ecs.World.Parse($$"""
        {
          "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }],
          "regions": [{
            "regionId": "r1",
            "securityGroups": [
              { "securityGroupId": "sg-a", "vpcId": "vpc-1" },
              { "securityGroupId": "sg-b", "vpcId": "vpc-1" },
              { "securityGroupId": "sg-small", "vpcId": "vpc-1", "capacity": 3 },
              { "securityGroupId": "sg-advanced", "type": "enterprise", "vpcId": "vpc-1", "capacity": 1 },
              {
                "securityGroupId": "sg-iso", "securityGroupName": "isolation", "description": "nobody talks", "vpcId": "vpc-1", "innerAccessPolicy": "Drop",
                "rules": [
                  { "direction": "ingress", "policy": "Drop", "sourceCidrIp": "0.0.0.0/0" },
                  { "direction": "ingress", "policy": "Drop", "ipv6SourceCidrIp": "::/0" },
                  { "direction": "egress", "policy": "Drop", "destCidrIp": "0.0.0.0/0" },
                  { "direction": "egress", "policy": "Accept", "ipProtocol": "TCP", "portRange": "443/443", "priority": 2, "destGroupId": "sg-a", "description": "agents" }
                ]
              }
            ],
            "instances": [
              {
                "instanceId": "i-1", "securityGroupIds": ["sg-a", "sg-b"], "privateIpAddress": "10.0.0.1", "publicIpAddress": "47.0.0.1", "eipAddress": "47.0.0.2",
                "ramRoleName": "app", "autoReleaseTime": "2026-02-01T00:00:00Z", "expiredTime": "2026-03-01T00:00Z", "deletionProtection": true, "recyclable": true
              },
              { "instanceId": "i-2", "securityGroupIds": ["sg-a", "sg-b"], "instanceChargeType": "PostPaid", "spotStrategy": "SpotAsPriceGo" }
            ],
            "networkInterfaces": [
              {
                "networkInterfaceId": "eni-2", "instanceId": "i-1", "securityGroupIds": ["sg-a", "sg-b"], "macAddress": "00:16:3e:00:00:02",
                "privateIpAddress": "10.0.0.2", "secondaryPrivateIpAddresses": ["10.0.0.3"], "ipv6Addresses": ["2001:db8::2"], "publicIpAddress": "47.0.0.3",
                "connectionTracking": { "tcpEstablishedTimeout": 300, "udpTimeout": 100 }
              },
              { "networkInterfaceId": "eni-managed", "serviceManaged": true, "instanceId": "i-1", "securityGroupIds": ["sg-a", "sg-b"] },
              { "networkInterfaceId": "eni-pod", "instanceId": "eci-pod-1", "securityGroupIds": ["sg-a", "sg-b"] }
            ]
          }],
          "faults": [{{faults}}]{{more}}
        }
        """, "world.json");
}
