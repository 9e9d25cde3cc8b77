using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Messaging.ServiceBus;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Functions;

/// <summary>Does what docs/playbooks.md tells a playbook to do, over HTTP: contain, wait, restore. And tries what it may not do.</summary>
public sealed class FunctionAppContainTests : IAsyncLifetime
{
    private const string Hosts = """
        {
          "accounts": [{ "name": "default", "accountId": "1000000000000001", "accessKeyId": "sandbox-key", "accessKeySecret": "sandbox-secret" }],
          "regions": [{
            "regionId": "cn-hangzhou",
            "securityGroups": [{ "securityGroupId": "sg-base", "vpcId": "vpc-1" }, { "securityGroupId": "sg-web", "vpcId": "vpc-1" }, { "securityGroupId": "sg-iso", "vpcId": "vpc-1" }],
            "instances": [
              { "instanceId": "i-web-1", "securityGroupIds": ["sg-base", "sg-web"] },
              { "instanceId": "i-locked-1", "locks": ["security"], "securityGroupIds": ["sg-base", "sg-web"] }
            ],
            "networkInterfaces": [
              { "networkInterfaceId": "eni-web-1", "instanceId": "i-web-1", "securityGroupIds": ["sg-base"] },
              { "networkInterfaceId": "eni-locked-1", "instanceId": "i-locked-1", "securityGroupIds": ["sg-web"] }
            ]
          }]
        }
        """;

    private const string Contain = """{"requestId":"INC-118/web-1","action":"contain","instanceId":"i-web-1","origin":"incident"}""";

    private const string Restore = """{"requestId":"INC-118/web-1/restore","of":"INC-118/web-1"}""";

    private readonly FunctionApp _app = new();
    private readonly HttpClient _http = new();
    private RunningCloud? _cloud;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await RunningCloud.StartAsync(World.Parse(Hosts, "hosts.json"));
        _app.Settings["Accounts__default__DefaultRegion"] = "cn-hangzhou";
        _app.Settings["Accounts__default__IsolationGroups"] = "sg-iso";
        _app.Settings["Requests__RestoreFromQueue"] = "false";
        await _app.StartAsync(_cloud, Stop);
        _http.BaseAddress = _app.Host.HttpAddress;
        _http.DefaultRequestHeaders.Add("x-functions-key", _app.Host.Key);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await (_cloud?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [Fact]
    public async Task A_host_is_contained_waited_for_and_given_back_and_no_message_of_the_queue_gives_it_back()
    {
        var contained = await AskAsync("api/removals", Contain);
        Assert.Equal("Contained", (string?)contained["status"]);
        Assert.Equal("INC-118/web-1", (string?)contained["undo"]);
        Assert.All(contained["interfaces"]!.AsArray(), one => Assert.Equal("[\"sg-iso\"]", one!["groupsAfter"]!.ToJsonString()));

        // The same request, word for word, but by the queue.
        await _cloud!.SendAsync([("m-1", Restore.Replace("/restore", "/forged", StringComparison.Ordinal).Replace("{", """{"action":"restore",""", StringComparison.Ordinal))], Stop);
        var forged = await WaitAsync("INC-118/web-1/forged");
        Assert.Equal(("Refused", "RestoreNotFromQueue"), ((string?)forged["status"], (string?)forged["code"]));

        var restored = await AskAsync("api/restores", Restore);
        Assert.Equal("Restored", (string?)restored["status"]);
        Assert.Equal(
            contained["interfaces"]!.AsArray().Select(one => one!["groupsBefore"]!.ToJsonString()),
            restored["interfaces"]!.AsArray().Select(one => one!["groupsAfter"]!.ToJsonString()));
    }

    [Fact]
    public async Task A_host_that_is_contained_only_in_part_is_told_to_those_who_hear_of_failures()
    {
        var outcome = await AskAsync("api/removals", Contain.Replace("web-1", "locked-1", StringComparison.Ordinal));

        await using var client = new ServiceBusClient(_cloud!.Broker.ConnectionString);
        var told = await client.CreateReceiver("outcomes", "failures").ReceiveMessageAsync(TimeSpan.FromSeconds(30), Stop);
        Assert.Equal("PartlyContained", (string?)outcome["status"]);
        Assert.Equal(
            ["i-locked-1 InstanceLockedForSecurity", "eni-locked-1 "], outcome["interfaces"]!.AsArray().Select(one => $"{one!["resource"]} {one["code"]}"));
        Assert.Equal("PartlyContained", told.ApplicationProperties["status"]);
    }

    private async Task<JsonNode> AskAsync(string door, string text)
    {
        using var body = new StringContent(text, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(door, UriKind.Relative), body, Stop);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return await WaitAsync((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!["requestId"]!);
    }

    private async Task<JsonNode> WaitAsync(string requestId)
    {
        using var answer = await _http.GetAsync(new Uri($"api/removals/{Uri.EscapeDataString(requestId)}?wait=60", UriKind.Relative), Stop);
        var status = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!;
        Assert.True((string?)status["state"] == "ended", $"{status}\n{string.Join('\n', _app.Lines.Select(line => line.Message))}");
        return status["outcome"]!["data"]!;
    }
}
