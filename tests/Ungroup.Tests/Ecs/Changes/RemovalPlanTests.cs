using Ungroup.Ecs.Changes;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class RemovalPlanTests
{
    private readonly EcsBench _bench = new();

    public RemovalPlanTests() => _bench.Ecs.On("DescribeSecurityGroups", Replies.Group());

    [Fact]
    public void A_member_would_leave()
    {
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group));

        var outcome = Plan();

        Assert.Null(outcome.Code);
        Assert.Equal([Removals.Base, Removals.Group], outcome.GroupsBefore);
        Assert.Equal([Removals.Base], outcome.GroupsAfter);
        Assert.Equal(["REQ-READ", "REQ-GROUP"], outcome.EcsRequestIds);
        Assert.Empty(_bench.Ecs.Leaves);
    }

    [Fact]
    public void There_would_be_nothing_to_do()
    {
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base));

        Assert.Contains("nothing to do", Plan().Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Running", "security", 2, "InstanceLockedForSecurity")]
    [InlineData("Starting", "", 2, "IncorrectInstanceStatus")]
    [InlineData("Stopped", "", 1, "InstanceLastSecurityGroup")]
    [InlineData("Stopped", "financial", 2, null)]
    public void What_ECS_would_refuse_for_an_instance_is_foretold(string status, string locked, int groups, string? code)
    {
        _bench.Ecs.OnRead(Replies.InstanceWith(status, locked.Length == 0 ? [] : [locked], groups == 1 ? [Removals.Group] : [Removals.Base, Removals.Group]));

        Assert.Equal(code, Plan().Code);
    }

    [Theory]
    [InlineData("InUse", true, 2, "InvalidOperation.EniServiceManaged")]
    [InlineData("Detaching", false, 2, "InvalidOperation.InvalidEniState")]
    [InlineData("Available", false, 1, "InvalidOperation.AtLeastInOneGroup")]
    [InlineData("Available", false, 2, null)]
    public void What_ECS_would_refuse_for_a_network_interface_is_foretold(string status, bool managed, int groups, string? code)
    {
        _bench.Ecs.On("DescribeNetworkInterfaces", Replies.Eni(status, managed, groups == 1 ? [Removals.Group] : [Removals.Base, Removals.Group]));

        Assert.Equal(code, Plan(Removals.EniRequest).Code);
    }

    [Fact]
    public void A_managed_group_would_be_refused()
    {
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group)).On("DescribeSecurityGroups", Replies.Group(managed: true));

        Assert.Equal("InvalidOperation.ResourceManagedByCloudProduct", Plan().Code);
    }

    [Fact]
    public void A_group_that_is_not_there_would_be_refused()
    {
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base)).On("DescribeSecurityGroups", Replies.Json(200, """{"RequestId":"R"}"""));

        Assert.Equal("InvalidSecurityGroupId.NotFound", Plan().Code);
    }

    [Fact]
    public void An_instance_that_is_not_there_is_planned_with_a_sentence_that_says_so()
    {
        _bench.Ecs.OnRead(Replies.Json(200, """{"RequestId":"R"}"""));

        var outcome = Plan();

        Assert.Equal("InvalidInstanceId.NotFound", outcome.Code);
        Assert.Contains("Check the id, the region and the account", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_that_fails_is_tried_again_and_then_postponed()
    {
        _bench.Ecs.OnRead(Replies.Error(503, "ServiceUnavailable"));

        var wait = Assert.IsType<RemovalVerdict.Wait>(_bench.Plan());

        Assert.Equal(new CallCount(0, 3), wait.Calls);
        Assert.False(wait.MayHaveLeft);
    }

    [Fact]
    public void A_read_that_can_never_work_is_planned_with_the_code_of_ECS()
    {
        _bench.Ecs.OnRead(Replies.Error(404, "InvalidRegion.NotFound"));

        var outcome = Assert.IsType<RemovalVerdict.Ended>(_bench.Plan()).Outcome;

        Assert.Equal((OutcomeStatus.Planned, "InvalidRegion.NotFound"), (outcome.Status, outcome.Code));
    }

    [Fact]
    public void At_the_deadline_there_is_nothing_left_to_plan()
    {
        var verdict = _bench.Plan(progress: Removals.Progress with { Deadline = Removals.Start });

        Assert.Equal(OutcomeStatus.Failed, Assert.IsType<RemovalVerdict.Ended>(verdict).Outcome.Status);
    }

    private Outcome Plan(RemovalRequest? request = null)
    {
        var outcome = Assert.IsType<RemovalVerdict.Ended>(_bench.Plan(request)).Outcome;
        Assert.Equal(OutcomeStatus.Planned, outcome.Status);
        return outcome;
    }
}
