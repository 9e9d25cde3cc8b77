using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

public sealed class ReplyFaultTests : IAsyncDisposable
{
    private const string Eni = """{"requestId":"r-1","networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""";

    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    public static TheoryData<string> LostReplies => ["timeout", "reset", "tls", "504", "empty", "html"];

    [Theory]
    [MemberData(nameof(LostReplies))]
    public async Task Fault_17_After_a_lost_reply_the_membership_is_read_before_anything_else(string kind)
    {
        _bench.One.Ecs.OnLeave(Lost(kind)).OnRead(Replies.Instance("sg-bp1base"));

        var settlement = await _bench.One.HandleAsync();

        Assert.Equal(("Removed", null), FaultBench.EndOf(settlement));
        Assert.True(FaultBench.DataOf(settlement)["confirmedByReadBack"]!.GetValue<bool>());
        Assert.Equal(["LeaveSecurityGroup", "DescribeInstances"], _bench.One.Ecs.Calls.Select(call => call.Action));
    }

    [Theory]
    [InlineData("InvalidSecurityGroupAssociation.NotFound")]
    [InlineData("InstanceNotInSecurityGroup")]
    public async Task Fault_19_No_member_is_success_and_whose_it_is_depends_on_our_own_earlier_call(string code)
    {
        _bench.One.Ecs.OnLeave(Replies.Error(404, code));
        Assert.Equal(("AlreadyAbsent", null), FaultBench.EndOf(await _bench.One.HandleAsync()));

        _bench.Two.Ecs.OnLeave(Replies.Reset, Replies.Error(404, code)).OnRead(Replies.Instance("sg-bp1web", "sg-bp1base"));
        var ours = await _bench.Two.HandleAsync(Some.Body.Replace("r-1", "r-2", StringComparison.Ordinal), "m-2");

        // Two looks were stale and still showed the membership; then ECS itself said that there is none: our first call had worked.
        Assert.Equal(("Removed", null), FaultBench.EndOf(ours));
    }

    [Theory]
    [InlineData(Some.Body, "InstanceLastSecurityGroup")]
    [InlineData(Eni, "InvalidOperation.AtLeastInOneGroup")]
    public async Task Fault_20_The_last_group_is_never_left_and_the_request_fails_with_what_to_do(string body, string code) =>
        await FailsAtOnce(body, 403, code, "join another group");

    [Theory]
    [InlineData(Some.Body, "InstanceLockedForSecurity", "locked")]
    [InlineData(Some.Body, "InvalidOperation.ResourceManagedByCloudProduct", "cloud product")]
    [InlineData(Eni, "InvalidOperation.EniServiceManaged", "cloud product")]
    [InlineData(Eni, "InvalidOperation.InvalidEniType", "instance instead")]
    public async Task Fault_22_What_ECS_never_allows_fails_at_once_with_a_clear_reason(string body, string code, string reason) =>
        await FailsAtOnce(body, 403, code, reason);

    [Theory]
    [InlineData(Some.Body, "InvalidInstanceId.NotFound")]
    [InlineData(Eni, "InvalidEniId.NotFound")]
    public async Task Fault_23_A_resource_ECS_does_not_know_fails_with_its_own_code_and_is_never_success(string body, string code) =>
        await FailsAtOnce(body, 404, code, "Check the id, the region and the account");

    [Fact]
    public async Task Fault_24_A_group_ECS_does_not_know_fails_and_points_to_the_region_that_was_asked()
    {
        await FailsAtOnce(Some.Body, 404, "InvalidSecurityGroupId.NotFound", "the region");

        var told = FaultBench.DataOf(await _bench.One.HandleAsync());
        Assert.Equal("cn-hangzhou", told["request"]!["regionId"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(Some.Body, "IncorrectInstanceStatus")]
    [InlineData(Eni, "InvalidOperation.InvalidEniState")]
    public async Task Fault_21_A_resource_in_transit_is_waited_for_until_the_deadline_and_then_fails_with_its_state(string body, string code)
    {
        _bench.One.Ecs.OnLeave(Replies.Error(403, code));

        var settlements = await _bench.SettleAsync(_bench.One, Some.Delivery(body));

        Assert.Equal(("Failed", code), FaultBench.EndOf(settlements[^1]));
        Assert.InRange(_bench.Clock.GetUtcNow() - Some.Now, TimeSpan.FromHours(24), TimeSpan.FromHours(24.1));
        Assert.InRange(settlements.Count, 1_400, 2_000);
    }

    private async Task FailsAtOnce(string body, int status, string code, string reason)
    {
        _bench.One.Ecs.OnLeave(Replies.Error(status, code));

        var settlement = Assert.IsType<Settlement.Complete>(await _bench.One.HandleAsync(body));

        Assert.Equal(("Failed", code), FaultBench.EndOf(settlement));
        Assert.Contains(reason, FaultBench.DataOf(settlement)["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Single(_bench.One.Ecs.Calls);
    }

    private ScriptedReply Lost(string kind) => kind switch
    {
        "timeout" => Replies.Never,
        "reset" => Replies.Reset,
        "tls" => Replies.Broken(new HttpRequestException(HttpRequestError.SecureConnectionError, "The secure connection broke.")),
        "504" => Replies.Error(504, "RequestTimeout"),
        "empty" => Replies.Body(200, "application/json", ""),
        "html" => Replies.Body(502, "text/html", "<html>Bad Gateway</html>"),
        _ => throw new ArgumentException(kind, nameof(kind)),
    };
}
