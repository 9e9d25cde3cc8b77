using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Credentials;

/// <summary>Two accounts, each with a role of its own that trusts an identity of its own.</summary>
internal static class Worlds
{
    public const string Audience = "api://ungroup";
    public const string Subject = "00000000-0000-0000-0000-00000000000a";

    public static World Parse() => World.Parse(
        $$"""
        {
          "accounts": [
            { "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" },
            { "name": "other", "accountId": "2", "accessKeyId": "other-key", "accessKeySecret": "other-secret" }
          ],
          "identities": [{ "objectId": "{{Subject}}" }, { "objectId": "00000000-0000-0000-0000-00000000000b", "clientId": "client-b" }],
          "oidcProviders": [
            { "name": "entra", "clientIds": ["{{Audience}}"] },
            { "name": "entra", "account": "other", "clientIds": ["api://ungroup-other"] }
          ],
          "roles": [
            { "name": "leaver", "oidcProvider": "entra", "subject": "{{Subject}}" },
            { "name": "by-key", "externalId": "shared-id" },
            { "name": "leaver-other", "account": "other", "oidcProvider": "entra", "subject": "00000000-0000-0000-0000-00000000000b" }
          ],
          "regions": [{
            "regionId": "cn-hangzhou",
            "securityGroups": [
              { "securityGroupId": "sg-base", "vpcId": "v" }, { "securityGroupId": "sg-web", "vpcId": "v" },
              { "securityGroupId": "sg-o-base", "account": "other" }, { "securityGroupId": "sg-o-web", "account": "other" }
            ],
            "instances": [
              {{string.Join(',', Enumerable.Range(1, 200).Select(number => $$"""{ "instanceId": "i-{{number}}", "securityGroupIds": ["sg-base", "sg-web"] }"""))}},
              { "instanceId": "i-other-1", "account": "other", "securityGroupIds": ["sg-o-base", "sg-o-web"] }
            ]
          }]
        }
        """,
        "keyless.json");
}
