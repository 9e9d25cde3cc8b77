using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class WorldFileTests
{
    private const string Good = """
        {
          "accounts": [
            { "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }
          ],
          "regions": [
            {
              "regionId": "r1",
              "securityGroups": [
                { "securityGroupId": "sg-1", "type": "normal" },
                { "securityGroupId": "sg-2" }
              ],
              "instances": [
                { "instanceId": "i-1", "status": "Running", "securityGroupIds": ["sg-1", "sg-2"] }
              ],
              "networkInterfaces": [
                { "networkInterfaceId": "eni-1", "instanceId": "i-1", "securityGroupIds": ["sg-1"] }
              ]
            }
          ],
          "quotas": [
            { "action": "LeaveSecurityGroup", "calls": 1, "perSeconds": 60 }
          ],
          "faults": [
            { "on": "i-1", "action": "LeaveSecurityGroup", "kind": "throttle", "times": 2, "retryAfterMs": 400 }
          ]
        }
        """;

    [Theory]
    [InlineData("\"Running\"", "\"Runing\"", 13, "`status` of instance i-1 was `Runing`; expected one of Pending, Running, Starting, Stopping, Stopped.")]
    [InlineData("\"Running\"", "7", 13, "`status` of instance i-1 was `7`; expected a text that is not empty.")]
    [InlineData("\"type\": \"normal\"", "\"type\": \"basic\"", 9, "`type` of security group sg-1 was `basic`; expected one of normal, enterprise.")]
    [InlineData("\"sg-1\", \"sg-2\"", "\"sg-1\", \"sg-3\"", 13, "instance i-1 is in sg-3, but region r1 has no such group.")]
    [InlineData("\"sg-1\", \"sg-2\"", "", 13, "`securityGroupIds` of instance i-1 must name at least one group, and none twice.")]
    [InlineData("[\"sg-1\", \"sg-2\"]", "\"sg-1\"", 13, "`securityGroupIds` of instance i-1 was `sg-1`; expected an array of texts.")]
    [InlineData("\"securityGroupId\": \"sg-2\"", "\"securityGroupId\": \"sg-1\"", 10, "sg-1 is in this world twice.")]
    [InlineData("\"securityGroupId\": \"sg-2\"", "\"securityGroupId\": \"SG-2\"", 10, "`securityGroupId` was `SG-2`; expected sg-… with a-z, 0-9 and - after the prefix.")]
    [InlineData("\"instanceId\": \"i-1\", \"sec", "\"instanceId\": \"i-2\", \"sec", 16, "`instanceId` of interface eni-1 was i-2; expected an instance of region r1.")]
    [InlineData("\"times\": 2", "\"tims\": 2", 24, "fault `throttle` has no member `tims`; it may have kind, on, action, retryAfterMs, times, after.")]
    [InlineData("\"times\": 2", "\"times\": -1", 24, "`times` of fault `throttle` was `-1`; expected a whole number from 0 to 2147483647.")]
    [InlineData("\"retryAfterMs\": 400", "\"retryAfterMs\": \"soon\"", 24, "`retryAfterMs` of fault `throttle` was ")]
    [InlineData("\"on\": \"i-1\"", "\"on\": \"web-9\"", 24, "`on` of fault `throttle` was `web-9`; expected `*` or the id of an instance, interface or group, or the name of a role.")]
    [InlineData("\"throttle\"", "\"throtle\"", 24, "`kind` of a fault was `throtle`; expected one of throttle, throttle-no-hint,")]
    [InlineData("\"calls\": 1,", "\"calls\": 1.5,", 21, "`calls` of the quota of LeaveSecurityGroup was `1.5`; expected a whole number from 0")]
    [InlineData("\"accountId\": \"1\", ", "", 3, "an account needs `accountId`.")]
    [InlineData("\"regions\": [", "\"regions\": 1, \"x\": [", 5, "`regions` of the world was `1`; expected an array of objects.")]
    [InlineData("\"faults\": [", "\"roles\": [{ \"name\": \"r\", \"oidcProvider\": \"entra\" }], \"faults\": [", 23, "`oidcProvider` of role r was `entra`; expected one of account default.")]
    [InlineData("\"faults\": [", "\"roles\": [{ \"name\": \"r\", \"account\": \"x\" }], \"faults\": [", 23, "`account` of a role was `x`; expected one of default.")]
    [InlineData("\"perSeconds\": 60 }", "\"perSeconds\": 60", 22, "this is not JSON.")]
    [InlineData("\"status\": \"Running\", ", "\"status\": \"Running\", \"status\": \"Running\", ", 13, "`status` is said twice in one object.")]
    [InlineData("\"eni-1\", ", "\"eni-1\", \"type\": \"Primary\", ", 13, "instance i-1 and its primary interface eni-1 share one membership, but their `securityGroupIds` differ.")]
    [InlineData("\"type\": \"normal\"", "\"innerAccessPolicy\": \"drop\"", 9, "`innerAccessPolicy` of security group sg-1 was `drop`; expected one of Accept, Drop.")]
    [InlineData("\"type\": \"normal\"", "\"rules\": [{ \"direction\": \"in\" }]", 9, "`direction` of a rule of security group sg-1 was `in`; expected one of ingress, egress.")]
    [InlineData("\"type\": \"normal\"", "\"rules\": [{ \"direction\": \"ingress\" }]", 9, "a rule of security group sg-1 needs exactly one of `sourceCidrIp`, `ipv6SourceCidrIp`, `sourceGroupId` and `sourcePrefixListId`: whom it is about.")]
    [InlineData("\"type\": \"normal\"", "\"rules\": [{ \"direction\": \"egress\", \"sourceCidrIp\": \"::/0\" }]", 9, "a rule of security group sg-1 has no member `sourceCidrIp`; it may have direction,")]
    [InlineData("\"type\": \"normal\"", "\"rules\": [{ \"direction\": \"egress\", \"priority\": 101 }]", 9, "`priority` of a rule of security group sg-1 was 101; expected 1 to 100.")]
    [InlineData("\"Running\"", "\"Running\", \"expiredTime\": \"soon\"", 13, "`expiredTime` of instance i-1 was `soon`; expected a time in UTC, such as 2026-02-01T00:00Z.")]
    [InlineData("\"Running\"", "\"Running\", \"spotStrategy\": \"Spot\"", 13, "`spotStrategy` of instance i-1 was `Spot`; expected one of NoSpot, SpotWithPriceLimit, SpotAsPriceGo.")]
    [InlineData("\"Running\"", "\"Running\", \"deletionProtection\": true, \"instanceChargeType\": \"PrePaid\"", 13, "instance i-1 cannot have `deletionProtection`: only instances paid as they go have it")]
    [InlineData("\"eni-1\", ", "\"eni-1\", \"connectionTracking\": { \"tcpEstablishedTimeout\": 90 }, ", 16, "`tcpEstablishedTimeout` was 90; expected one of 30, 60, 80, 100, 200, 300, 500, 700, 910.")]
    [InlineData("\"eni-1\", ", "\"eni-1\", \"connectionTracking\": { \"udpTimeout\": 101 }, ", 16, "`udpTimeout` was 101; expected 10 to 100.")]
    [InlineData("\"eni-1\", \"instanceId\": \"i-1\"", "\"eni-1\", \"type\": \"Primary\", \"instanceId\": \"eci-1\"", 16, "`instanceId` of interface eni-1 was eci-1; expected an instance of region r1.")]
    [InlineData("\"quotas\": [", "\"groupsPerInterface\": 0, \"quotas\": [", 20, "`groupsPerInterface` of the world was `0`; expected a whole number from 1 to 2147483647.")]
    public void What_cannot_be_is_refused_with_its_line_and_what_was_expected(string good, string bad, int line, string sentence)
    {
        var refusal = Assert.Throws<WorldFileException>(() => World.Parse(Good.Replace(good, bad), "world.json"));

        Assert.StartsWith($"world.json({line}): {sentence}", refusal.Message);
        Assert.Equal(("world.json", line), (refusal.File, refusal.Line));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{} {}")]
    [InlineData("{ \"\\ud800\": 1 }")]
    [InlineData("{ \"accounts\": \"\\udfff\" }")]
    [InlineData("{ \"accounts\": [] }")]
    [InlineData("{ \"accounts\": [1] }")]
    [InlineData("{ \"accounts\": [[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]] }")]
    public void What_is_no_world_at_all_is_refused_on_line_1(string json) =>
        Assert.StartsWith("w(1): ", Assert.Throws<WorldFileException>(() => World.Parse(json, "w")).Message);

    [Fact]
    public void A_good_file_is_a_world()
    {
        var world = World.Parse(Good, "world.json");

        Assert.Equal(["sg-1", "sg-2"], world.GroupsOf("i-1"));
        Assert.Equal(["sg-1"], world.GroupsOf("eni-1"));
        Assert.Equal("Running", world.StatusOf("i-1"));
        Assert.Equal("key", Assert.Single(world.Accounts).AccessKeyId);
    }

    [Fact]
    public void A_primary_interface_shares_its_instances_membership_listed_or_not()
    {
        var world = Some.World();

        Assert.Equal(world.GroupsOf("eni-listed"), world.GroupsOf("i-listed"));
        Assert.Equal(world.GroupsOf("eni-primary-web"), world.GroupsOf("i-web"));
    }

    [Fact]
    public void The_built_in_sample_is_a_world_of_its_own_each_time()
    {
        Assert.NotSame(World.Sample, World.Sample);
        Assert.Equal(["sg-demo-base", "sg-demo-web"], World.Sample.GroupsOf("i-demo-web-1"));
        Assert.Equal("sandbox-key", World.Sample.Accounts[0].AccessKeyId);
    }

    [Fact]
    public void A_resource_nobody_knows_is_the_callers_mistake() =>
        Assert.Contains("i-nowhere", Assert.Throws<ArgumentException>(() => Some.World().GroupsOf("i-nowhere")).Message);
}
