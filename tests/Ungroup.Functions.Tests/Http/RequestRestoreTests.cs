using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Tests.Support;
using Ungroup.Ledger;

namespace Ungroup.Functions.Tests.Http;

public sealed class RequestRestoreTests : IAsyncDisposable
{
    private const string Undo = """{"requestId":"undo-1","of":"inc-1"}""";
    private const string Contain = """{"requestId":"inc-1","action":"contain","instanceId":"i-1","isolationGroupId":"sg-iso","regionId":"cn-hangzhou"}""";

    private readonly AppBench _bench = new();
    private readonly DefaultHttpContext _http = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_restore_is_written_down_and_then_enqueued_and_its_message_says_what_it_is()
    {
        var (status, json) = await PostAsync(_bench, Undo);

        Assert.Equal((202, "accepted", "/api/removals/undo-1"), (status, Text(json, "status"), Text(json, "location")));
        var sent = Assert.Single(_bench.Bus.Sent);
        Assert.Equal(("undo-1", "application/json"), (sent.MessageId, sent.ContentType));
        Assert.Equal("restore", JsonElement.Parse(sent.Body.ToString()).GetProperty("action").GetString());
        Assert.Equal("queued", await StateAsync("undo-1"));
    }

    [Fact]
    public async Task Where_a_queue_may_not_bring_restores_this_door_still_may()
    {
        await using var strict = new AppBench(settings: new("Requests:RestoreFromQueue", "false"));
        await PostAsync(strict, Undo);

        var byTheDoor = await HandleAsync(strict, strict.Bus.Sent[0].Body);
        var byAMessage = await HandleAsync(strict, BinaryData.FromString("""{"requestId":"undo-2","action":"restore","of":"inc-1"}"""));

        Assert.Equal(("NothingToRestore", "RestoreNotFromQueue"), (byTheDoor, byAMessage));
    }

    [Fact]
    public async Task Of_a_batch_what_is_no_restore_is_refused()
    {
        var (status, json) = await PostAsync(_bench, $"[{Undo},{Contain}]");

        Assert.Equal(207, status);
        Assert.Equal("action", Text(json.GetProperty("results")[1].GetProperty("problems")[0], "member"));
        Assert.Equal(["send undo-1 to removals"], _bench.Calls);
    }

    [Fact]
    public async Task The_door_of_removals_takes_a_contain_and_no_restore()
    {
        _http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes($$"""[{{Contain}},{"requestId":"undo-1","action":"restore","of":"inc-1"}]"""));
        _http.Request.ContentType = "application/json";

        var result = Assert.IsType<ContentResult>(await _bench.Make<RequestRemoval>().RunAsync(_http.Request));

        Assert.Equal(207, result.StatusCode);
        Assert.Contains("POST /api/restores", result.Content, StringComparison.Ordinal);
        Assert.Equal(["send inc-1 to removals"], _bench.Calls);
        Assert.Equal("queued", await StateAsync("inc-1"));
    }

    [Fact]
    public async Task While_the_ledger_is_away_nothing_is_enqueued_and_the_answer_says_so()
    {
        await using var broken = new AppBench(new FailingLedger(() => new LedgerUnavailableException("ungroupstore is away.")));

        var (status, json) = await PostAsync(broken, Undo);

        Assert.Equal((503, "unconfirmed"), (status, Text(json.GetProperty("results")[0], "status")));
        Assert.Contains("nothing was enqueued", Text(json, "detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("ungroupstore", json.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(broken.Calls);
    }

    [Fact]
    public async Task A_restore_that_the_queue_did_not_take_can_be_sent_again()
    {
        _bench.Bus.Refuses = (_, _) => true;
        Assert.Equal(503, (await PostAsync(_bench, Undo)).Status);
        _bench.Bus.Refuses = (_, _) => false;

        Assert.Equal(202, (await PostAsync(_bench, Undo)).Status);
        Assert.Single(_bench.Bus.Sent);
    }

    private async Task<(int? Status, JsonElement Json)> PostAsync(AppBench bench, string body)
    {
        (_http.Request.Body, _http.Request.ContentType) = (new MemoryStream(Encoding.UTF8.GetBytes(body)), "application/json");
        var result = Assert.IsType<ContentResult>(await bench.RunAsync(bench.Make<RequestRestore>().RunAsync(_http.Request)));
        return (result.StatusCode, JsonElement.Parse(result.Content!));
    }

    private async Task<string?> StateAsync(string requestId)
    {
        var result = Assert.IsType<ContentResult>(
            await _bench.Make<GetRemoval>().RunAsync(new DefaultHttpContext().Request, requestId, TestContext.Current.CancellationToken));
        return result.StatusCode == 200 ? Text(JsonElement.Parse(result.Content!), "state") : null;
    }

    /// <summary>The code of the outcome, half a minute after the message came: until then a restore waits for the request it names.</summary>
    private static async Task<string?> HandleAsync(AppBench bench, BinaryData body)
    {
        for (var told = bench.Bus.Sent.Count; ; bench.Clock.Advance(TimeSpan.FromSeconds(31)))
        {
            var message = Azure.Messaging.ServiceBus.ServiceBusModelFactory.ServiceBusReceivedMessage(body: body, messageId: "m", enqueuedTime: AppBench.Now);
            await bench.RunAsync(bench.Make<RemoveFromSecurityGroup>().RunAsync(message, new RecordingMessageActions(bench.Calls), TestContext.Current.CancellationToken));
            if (bench.Bus.Sent.Skip(told).FirstOrDefault(sent => sent.ContentType == Messages.OutcomeEvent.ContentType) is { } outcome)
            {
                return Text(JsonElement.Parse(outcome.Body.ToString()).GetProperty("data"), "code");
            }
        }
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
