using System.Text.Json.Nodes;
using Ungroup.Cli.Sandbox;
using Ungroup.EndToEnd.Tests.Credentials;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Interop;

/// <summary>The sandbox, as the official clients see it: they share no code with us, and so none of our mistakes.</summary>
public sealed class OfficialClientTests
{
    [Fact]
    public async Task The_official_Service_Bus_client_works_against_the_broker()
    {
        await using var broker = await ServiceBusBroker.StartAsync(
            new() { Port = 0, Queues = [new() { Name = "interop", LockDuration = TimeSpan.FromSeconds(5) }] },
            TestContext.Current.CancellationToken);

        var (exitCode, output) = await JavaScript.RunAsync("service-bus.mjs", broker.ConnectionString, "interop", "200");

        Assert.True(exitCode == 0, output);
        Assert.Contains("ok 200 connects out of 200", output, StringComparison.Ordinal);
        Assert.Contains("ok a wrong key is unauthorized", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_official_ECS_client_works_against_the_simulator()
    {
        await using var simulator = await EcsSimulator.StartAsync(World.Sample, ct: TestContext.Current.CancellationToken);

        var (exitCode, output) = await JavaScript.RunAsync(
            "ecs.mjs",
            simulator.Address.Authority,
            "sandbox-key",
            "sandbox-secret",
            "cn-hangzhou",
            "i-demo-web-1",
            "sg-demo-web",
            "eni-demo-web-1",
            "sg-demo-db");

        Assert.True(exitCode == 0, output);
        Assert.DoesNotContain("FAIL", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_official_credentials_client_works_against_the_simulator()
    {
        using var scratch = new Scratch();
        await using var simulator = await EcsSimulator.StartAsync(Worlds.Parse(), ct: TestContext.Current.CancellationToken);
        var token = simulator.SignToken(Worlds.Audience, Worlds.Subject, TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1));

        var (exitCode, output) = await JavaScript.RunAsync(
            "credentials.mjs",
            simulator.Address.Authority,
            "cn-hangzhou",
            "acs:ram::1:role/leaver",
            "acs:ram::1:oidc-provider/entra",
            scratch.File("token", token),
            "key",
            "secret",
            "acs:ram::1:role/by-key",
            "shared-id");

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task A_removal_enqueued_by_the_official_client_is_done_and_its_outcome_read_by_it()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Sample);
        var folder = Directory.CreateTempSubdirectory("ungroup-interop-");
        await using var worker = cloud.StartWorker(WorkerLedger.Sqlite(folder));

        var (exitCode, output) = await JavaScript.RunAsync(
            "removal.mjs",
            cloud.Broker.ConnectionString,
            "removals",
            Cloud.AllOutcomes,
            """{"requestId":"js-1","instanceId":"i-demo-web-1","securityGroupId":"sg-demo-web","regionId":"cn-hangzhou"}""");

        Assert.True(exitCode == 0, output + worker.Output);
        var told = JsonNode.Parse(output)!;
        Assert.Equal("Removed", told["event"]!["data"]!["status"]!.GetValue<string>());
        Assert.Equal("from-javascript", told["event"]!["data"]!["messageId"]!.GetValue<string>());
        Assert.Equal(told["event"]!["id"]!.GetValue<string>(), told["messageId"]!.GetValue<string>());
        Assert.Equal("i-demo-web-1", told["subject"]!.GetValue<string>());
        await worker.KillAsync(TestContext.Current.CancellationToken);
        folder.Delete(recursive: true);
    }
}
