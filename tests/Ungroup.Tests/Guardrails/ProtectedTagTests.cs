using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Guardrails;

/// <summary>A resource with a protected tag, or of an instance that has one, is left alone; and so is one whose tags cannot be read.</summary>
public sealed class ProtectedTagTests
{
    private const string OfInstance =
        """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-web","regionId":"cn-hangzhou"}""";

    private const string OfInterface =
        """{"requestId":"r-1","networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-web","regionId":"cn-hangzhou"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("protect", "protect=yes", true)]
    [InlineData("protect=true", "protect=true", true)]
    [InlineData("protect=true", "protect=TRUE", false)]
    [InlineData("Protect", "protect=true", false)]
    [InlineData("protect=", "protect=", true)]
    [InlineData("protect=", "protect=true", false)]
    [InlineData("a=b=c", "a=b=c", true)]
    [InlineData("protect", null, false)]
    public async Task An_instance_with_the_tag_is_refused_and_one_without_is_not(string protectedTag, string? tag, bool isRefused)
    {
        await using var bench = Bench(protectedTag);
        bench.Ecs.OnRead(Instance(tag is null ? [] : [tag])).OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInstance);

        var told = Assert.Single(bench.Bus.Published).ReadFacts();
        Assert.Equal(isRefused ? ("Refused", "ProtectedTag") : ("Removed", null), (told.Status, told.Code));
        Assert.Equal(isRefused ? ["DescribeInstances"] : ["DescribeInstances", "LeaveSecurityGroup"], bench.Ecs.Calls.Select(call => call.Action));
    }

    [Fact]
    public async Task An_interface_of_an_instance_with_the_tag_is_refused()
    {
        await using var bench = Bench("protect");
        bench.Ecs.On("DescribeNetworkInterfaces", Interface("i-bp1web1", [])).OnRead(Instance(["protect=1"])).OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInterface);

        var told = Assert.Single(bench.Bus.Published).ReadFacts();
        Assert.Equal(("Refused", "ProtectedTag"), (told.Status, told.Code));
        Assert.Equal("i-bp1web1 has the tag protect, which is on the list of protected tags (Guardrails:ProtectedTags).", told.Sentence);
        Assert.Empty(bench.Ecs.Leaves);
    }

    [Theory]
    [InlineData("i-bp1web1")]
    [InlineData("")]
    public async Task An_interface_without_it_and_of_an_instance_without_it_is_removed(string instance)
    {
        await using var bench = Bench("protect");
        bench.Ecs.On("DescribeNetworkInterfaces", Interface(instance, ["env=dev"])).OnRead(Instance(["env=dev"])).OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInterface);

        Assert.Equal("Removed", Assert.Single(bench.Bus.Published).ReadFacts().Status);
    }

    [Fact]
    public async Task A_dry_run_says_the_same()
    {
        await using var bench = Bench("protect");
        bench.Ecs.OnRead(Instance(["protect=1"]));

        await bench.HandleAsync(OfInstance.Replace("\"regionId\"", "\"dryRun\":true,\"regionId\"", StringComparison.Ordinal));

        Assert.Equal("ProtectedTag", Assert.Single(bench.Bus.Published).ReadFacts().Code);
    }

    [Fact]
    public async Task Tags_that_cannot_be_read_are_waited_for_and_nothing_is_removed()
    {
        var store = new Ungroup.Ledger.Memory.MemoryLedgerStore(TimeProvider.System);
        await using var bench = new HandlerBench(store, ("Guardrails:ProtectedTags", "protect"));
        bench.Ecs.OnRead(Replies.Instance("sg-web", "sg-base")).OnLeave(Replies.Ok);

        Assert.IsType<Settlement.Postpone>(await bench.HandleAsync(OfInstance));

        Assert.Empty(bench.Ecs.Leaves);
        Assert.Equal(WaitFor.Protection, (await store.ReadAsync(new("default", "r-1"), Stop))!.Record.Waiting!.For);
    }

    [Fact]
    public async Task An_instance_that_ECS_does_not_show_may_have_the_tag()
    {
        await using var bench = Bench("protect");
        bench.Ecs.On("DescribeNetworkInterfaces", Interface("i-bp1web1", [])).OnRead(Replies.NoInstance).OnLeave(Replies.Ok);

        Assert.IsType<Settlement.Postpone>(await bench.HandleAsync(OfInterface));

        Assert.Empty(bench.Ecs.Leaves);
    }

    [Fact]
    public async Task Without_the_setting_nothing_is_read()
    {
        await using var bench = new HandlerBench();
        bench.Ecs.OnLeave(Replies.Ok);

        await bench.HandleAsync(OfInstance);

        Assert.Equal(["LeaveSecurityGroup"], bench.Ecs.Calls.Select(call => call.Action));
    }

    private static HandlerBench Bench(string tag) => new(settings: ("Guardrails:ProtectedTags", tag));

    private static ScriptedReply Instance(string[] tags) => Replies.Json(200, $$$"""
        {"RequestId":"REQ-READ","Instances":{"Instance":[{"InstanceId":"i-bp1web1","Status":"Running",{{{Tags(tags)}}},
         "SecurityGroupIds":{"SecurityGroupId":["sg-web","sg-base"]}}]}}
        """);

    private static ScriptedReply Interface(string instance, string[] tags) => Replies.Json(200, $$$"""
        {"RequestId":"REQ-READ","NetworkInterfaceSets":{"NetworkInterfaceSet":[{"NetworkInterfaceId":"eni-bp1app1","Status":"InUse",
         "InstanceId":"{{{instance}}}",{{{Tags(tags)}}},"SecurityGroupIds":{"SecurityGroupId":["sg-web","sg-base"]}}]}}
        """);

    private static string Tags(string[] tags) =>
        $$"""
        "Tags":{"Tag":[{{string.Join(',', tags.Select(tag => tag.Split('=', 2)).Select(pair => $$"""{"TagKey":"{{pair[0]}}","TagValue":"{{pair[1]}}"}"""))}}]}
        """;
}
