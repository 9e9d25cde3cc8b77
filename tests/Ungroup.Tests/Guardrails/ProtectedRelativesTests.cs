using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Guardrails;

/// <summary>An interface of a protected instance, and the instance of a protected interface, are protected as well.</summary>
public sealed class ProtectedRelativesTests
{
    private const string OfInstance =
        """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-web","regionId":"cn-hangzhou"}""";

    private const string OfInterface =
        """{"requestId":"r-1","networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-web","regionId":"cn-hangzhou"}""";

    [Theory]
    [InlineData("i-bp1host1")]
    [InlineData("I-BP1HOST1")]
    public async Task Fault_51_An_interface_of_a_protected_instance_is_refused_before_any_call(string listed)
    {
        await using var bench = Bench(listed);
        bench.Ecs.On("DescribeNetworkInterfaces", Replies.EniOf("i-bp1host1", "sg-web", "sg-base")).OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInterface);

        Assert.Empty(bench.Ecs.Leaves);
        Refused(bench, "eni-bp1app1 belongs to i-bp1host1, which is on the list of protected resources (Guardrails:ProtectedResources).");
    }

    [Fact]
    public async Task Fault_51_The_instance_of_a_protected_interface_is_refused_before_any_call()
    {
        await using var bench = Bench("eni-bp1nic2");
        bench.Ecs.OnRead(Replies.InstanceOf(["eni-bp1nic1", "ENI-bp1nic2"], "sg-web", "sg-base")).OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInstance);

        Assert.Empty(bench.Ecs.Leaves);
        Refused(bench, "i-bp1web1 has ENI-bp1nic2, which is on the list of protected resources (Guardrails:ProtectedResources).");
    }

    [Fact]
    public async Task A_dry_run_says_the_same()
    {
        await using var bench = Bench("i-bp1host1");
        bench.Ecs.On("DescribeNetworkInterfaces", Replies.EniOf("i-bp1host1", "sg-web", "sg-base"));

        await bench.HandleAsync(OfInterface.Replace("\"regionId\"", "\"dryRun\":true,\"regionId\"", StringComparison.Ordinal));

        Assert.Equal("Refused", Assert.Single(bench.Bus.Published).ReadFacts().Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("i-bp1other")]
    public async Task An_interface_of_nobody_or_of_another_instance_is_removed(string instance)
    {
        await using var bench = Bench("i-bp1host1");
        bench.Ecs.On("DescribeNetworkInterfaces", Replies.EniOf(instance, "sg-web", "sg-base")).OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInterface);

        Assert.Equal("Removed", Assert.Single(bench.Bus.Published).ReadFacts().Status);
    }

    [Fact]
    public async Task Nothing_is_read_where_the_list_can_name_no_relative()
    {
        await using var bench = Bench("i-bp1host1");
        bench.Ecs.OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInstance);

        Assert.Equal(["LeaveSecurityGroup"], bench.Ecs.Calls.Select(call => call.Action));
    }

    [Fact]
    public async Task Fault_52_Relatives_that_cannot_be_read_are_waited_for_and_nothing_is_removed()
    {
        await using var bench = Bench("eni-bp1nic2");
        bench.Ecs.OnRead(Replies.Error(503, "ServiceUnavailable"), Replies.InstanceOf([], "sg-web", "sg-base")).OnLeave(Replies.Ok);

        Assert.IsType<Settlement.Postpone>(await bench.HandleAsync(OfInstance));

        Assert.Empty(bench.Ecs.Leaves);
        Assert.Empty(bench.Bus.Published);
    }

    [Fact]
    public async Task A_resource_that_ECS_does_not_list_may_be_protected_and_nothing_is_called()
    {
        await using var bench = Bench("eni-bp1nic2");
        bench.Ecs.OnRead(Replies.NoInstance).OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInstance);

        var told = Assert.Single(bench.Bus.Published).ReadFacts();
        Assert.Equal(("Failed", "InvalidInstanceId.NotFound"), (told.Status, told.Code));
        Assert.Empty(bench.Ecs.Leaves);
    }

    [Fact]
    public async Task A_protected_group_is_protected_however_its_id_is_written()
    {
        await using var bench = new HandlerBench(settings: ("Guardrails:ProtectedGroups", "SG-WEB"));
        bench.Ecs.OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInstance);

        Assert.Equal("ProtectedGroup", Assert.Single(bench.Bus.Published).ReadFacts().Code);
    }

    private static HandlerBench Bench(string protectedResource) => new(settings: ("Guardrails:ProtectedResources", protectedResource));

    private static void Refused(HandlerBench bench, string sentence)
    {
        var told = Assert.Single(bench.Bus.Published);
        Assert.Equal(("Refused", "ProtectedResource"), (told.ReadFacts().Status, told.ReadFacts().Code));
        Assert.Contains(sentence, System.Text.Encoding.UTF8.GetString(told.Json.Span), StringComparison.Ordinal);
    }
}
