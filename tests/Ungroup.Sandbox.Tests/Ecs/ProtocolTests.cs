using System.Xml.Linq;
using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class ProtocolTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("XML")]
    public async Task An_old_style_caller_that_does_not_ask_for_json_gets_xml(string? format)
    {
        await using var sim = await Sim.StartAsync(Some.World());
        (string, string)[] edge = [("InstanceId", "i-web"), ("SecurityGroupId", "sg-web")];

        var done = await sim.SendAsync(TestSigner.V1(sim.Simulator.Address, sim.Call("LeaveSecurityGroup", edge), format));
        var refused = await sim.SendAsync(TestSigner.V1(sim.Simulator.Address, sim.Call("LeaveSecurityGroup", edge), format));

        var (success, error) = (XDocument.Parse(done.Body).Root!, XDocument.Parse(refused.Body).Root!);
        Assert.Equal(("LeaveSecurityGroupResponse", done.Headers["x-acs-request-id"]), (success.Name.LocalName, success.Element("RequestId")!.Value));
        Assert.Equal("text/xml;charset=utf-8", refused.ContentType!.Replace(" ", ""));
        Assert.Equal(
            ["RequestId", "HostId", "Code", "Message", "Recommend"], error.Elements().Select(element => element.Name.LocalName));
        Assert.Equal("InvalidSecurityGroupAssociation.NotFound", error.Element("Code")!.Value);
        Assert.Contains("<![CDATA[https://", refused.Body);
    }

    [Fact]
    public async Task Lists_in_xml_repeat_their_singular_name()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync(TestSigner.V1(
            sim.Simulator.Address, sim.Call("DescribeInstances", ("RegionId", "r1"), ("InstanceIds", """["i-web","i-solo"]""")), format: null));

        var instances = XDocument.Parse(answer.Body).Root!.Element("Instances")!.Elements("Instance").ToList();
        Assert.Equal(["i-web", "i-solo"], instances.Select(instance => instance.Element("InstanceId")!.Value));
        Assert.Equal(["sg-base", "sg-web"], instances[0].Element("SecurityGroupIds")!.Elements("SecurityGroupId").Select(id => id.Value));
        Assert.Equal("隔离 web", instances[0].Element("InstanceName")!.Value);
    }

    [Fact]
    public async Task Actions_and_versions_nobody_has_are_refused()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var action = await sim.SendAsync("LaunchRocket");
        var version = await sim.SendAsync(sim.Call("DescribeInstances", ("RegionId", "r1")) with { Version = "2014-05-27" });
        var get = await sim.SendAsync(sim.Call("DescribeInstances", ("RegionId", "r1")) with { Method = HttpMethod.Get });
        var put = await sim.SendAsync(sim.Call("DescribeInstances", ("RegionId", "r1")) with { Method = HttpMethod.Put });

        Assert.Equal((404, "InvalidAction.NotFound"), (action.Status, action.Code));
        Assert.Equal((400, "InvalidVersion"), (version.Status, version.Code));
        Assert.Equal(200, get.Status);
        Assert.Equal("UnsupportedOperation", put.Code);
    }

    [Fact]
    public async Task New_style_parameters_may_come_as_a_form()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync(sim.Call("LeaveSecurityGroup", ("InstanceId", "i-web")) with { Form = "SecurityGroupId=sg-web" });

        Assert.Equal(200, answer.Status);
        Assert.Equal([Some.Base], sim.World.GroupsOf(Some.Instance));
    }

    [Fact]
    public async Task Answers_carry_the_gateways_headers_and_the_clocks_date()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.LeaveAsync(Some.Instance, Some.Web);

        Assert.Equal("Fri, 02 Jan 2026 12:00:00 GMT", answer.Headers["date"]);
        Assert.Equal(("*", "timeout=25"), (answer.Headers["access-control-allow-origin"], answer.Headers["keep-alive"]));
        Assert.Contains("x-acs-trace-id", answer.Headers.Keys);
    }

    [Fact]
    public async Task A_taken_port_means_the_next_free_one()
    {
        await using var first = await Sim.StartAsync(Some.World());
        var port = first.Simulator.Address.Port;

        await using var second = await Sim.StartAsync(Some.World(), configure: options => options.Port = port);

        Assert.InRange(second.Simulator.Address.Port, port + 1, port + 100);
        Assert.Equal(200, (await second.LeaveAsync(Some.Instance, Some.Web)).Status);
    }

    [Fact]
    public async Task It_listens_on_loopback_and_stops_when_told()
    {
        var simulator = await EcsSimulator.StartAsync(World.Sample, ct: TestContext.Current.CancellationToken);
        Assert.Equal("127.0.0.1", simulator.Address.Host);

        await simulator.DisposeAsync();

        using var http = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(simulator.Address, TestContext.Current.CancellationToken));
    }
}
