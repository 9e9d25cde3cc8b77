namespace Ungroup.Tests.Ecs.Containment;

/// <summary>A guardrail's no comes before the first change of any interface.</summary>
public sealed class GuardrailTests
{
    [Theory]
    [InlineData("i-1", "i-1")]
    [InlineData("i-1", "eni-2")]
    [InlineData("eni-2", "i-1")]
    public async Task A_contain_of_what_has_a_protected_tag_is_refused(string resource, string tagged)
    {
        await using var bench = new ContainBench(("Guardrails:ProtectedTags:0", "protect"));
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-a");
        bench.World[tagged].Tags.Add("protect");

        var data = await bench.ContainAsync(resource);

        Assert.Equal(("Refused", "ProtectedTag"), (data.GetProperty("status").GetString(), data.GetProperty("code").GetString()));
        Assert.Empty(bench.World.Changes);
    }

    [Fact]
    public async Task A_protected_instance_that_is_isolated_already_protects_its_other_interfaces()
    {
        await using var bench = new ContainBench(("Guardrails:ProtectedTags:0", "protect"));
        bench.World.Host("i-1", "sg-iso").Card("eni-2", "i-1", "sg-a");
        bench.World["i-1"].Tags.Add("protect");

        var data = await bench.ContainAsync("i-1");

        Assert.Equal(("Refused", "ProtectedTag"), (data.GetProperty("status").GetString(), data.GetProperty("code").GetString()));
        Assert.Empty(bench.World.Changes);
    }

    [Fact]
    public async Task A_tag_that_is_set_between_two_looks_before_the_first_call_is_obeyed()
    {
        await using var bench = new ContainBench(("Guardrails:ProtectedTags:0", "protect"), ("Accounts:default:ContainBy", "Modify"));
        bench.World.Host("i-1", "sg-a");
        bench.World.Instead = call =>
        {
            if (call.Action == "DescribeSecurityGroups" && bench.World["i-1"].Tags.Count == 0)
            {
                // The look is too old for a call that replaces all groups.
                bench.Clock.Advance(TimeSpan.FromSeconds(6));
                bench.World["i-1"].Tags.Add("protect");
            }

            return null;
        };

        var data = await bench.ContainAsync("i-1");

        Assert.Equal(("Refused", "ProtectedTag"), (data.GetProperty("status").GetString(), data.GetProperty("code").GetString()));
        Assert.Empty(bench.World.Changes);
    }

    [Fact]
    public async Task An_instance_without_the_tag_is_contained()
    {
        await using var bench = new ContainBench(("Guardrails:ProtectedTags:0", "protect"));
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-a");
        bench.World["i-1"].Tags.Add("dev");

        var data = await bench.ContainAsync("i-1");

        Assert.Equal("Contained", data.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","includeInterfaces":false""")]
    public async Task The_instance_of_a_protected_interface_is_protected(string more)
    {
        await using var bench = new ContainBench(("Guardrails:ProtectedResources:0", "eni-2"));
        bench.World.Host("i-1", "sg-a").Card("eni-2", "i-1", "sg-a");

        var data = await bench.ContainAsync("i-1", more: more);

        Assert.Equal(("Refused", "ProtectedResource"), (data.GetProperty("status").GetString(), data.GetProperty("code").GetString()));
        Assert.Empty(bench.World.Changes);
    }
}
