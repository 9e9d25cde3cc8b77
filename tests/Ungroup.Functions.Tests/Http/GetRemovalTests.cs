using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Invocations;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Tests.Support;
using Ungroup.Ledger;

namespace Ungroup.Functions.Tests.Http;

public sealed class GetRemovalTests : IAsyncDisposable
{
    private readonly AppBench _bench = new();
    private readonly DefaultHttpContext _http = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("inc-1/web-7")]
    [InlineData("inc-1%2Fweb-7")]
    public async Task A_request_is_found_by_its_key_slashes_and_all(string path)
    {
        await _bench.Make<RemoveFromSecurityGroup>().RunAsync(
            ServiceBusModelFactory.ServiceBusReceivedMessage(
                body: BinaryData.FromString(
                    """{"requestId":"inc-1/web-7","instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou","expiresAt":"2026-01-01T00:00:00Z"}"""),
                messageId: "m-1",
                enqueuedTime: AppBench.Now),
            new RecordingMessageActions(_bench.Calls),
            TestContext.Current.CancellationToken);

        var (status, type, json) = await GetAsync(_bench, path);

        Assert.Equal((200, "application/json", "ended"), (status, type, json.GetProperty("state").GetString()));
        Assert.Equal("ungroup.removal.Expired.v1", json.GetProperty("outcome").GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_request_nobody_knows_is_not_found()
    {
        var (status, type, json) = await GetAsync(_bench, "r-1");

        Assert.Equal((404, "application/problem+json"), (status, type));
        Assert.Contains("r-1 of account default", json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("r-1", "?account=elsewhere", "account")]
    [InlineData("r-1", "?wait=201", "wait")]
    [InlineData("r-1", "?wait=soon", "wait")]
    [InlineData("r-1", "?wait=1&wait=2", "wait")]
    [InlineData("r%201", "", "requestId")]
    [InlineData(null, "", "requestId")]
    public async Task Who_asks_wrongly_is_told_what_to_change(string? requestId, string query, string member)
    {
        _http.Request.QueryString = new(query);

        var (status, _, json) = await GetAsync(_bench, requestId);

        Assert.Equal((400, member), (status, json.GetProperty("problems")[0].GetProperty("member").GetString()));
    }

    [Fact]
    public async Task Who_waits_is_answered_within_a_second_of_the_outcome()
    {
        _http.Request.QueryString = new("?wait=200");
        var asked = _bench.Make<GetRemoval>().RunAsync(_http.Request, "r-1", TestContext.Current.CancellationToken);
        await _bench.Make<RemoveFromSecurityGroup>().RunAsync(
            ServiceBusModelFactory.ServiceBusReceivedMessage(
                body: BinaryData.FromString(
                    """{"requestId":"r-1","instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou","expiresAt":"2026-01-01T00:00:00Z"}"""),
                messageId: "m-1",
                enqueuedTime: AppBench.Now),
            new RecordingMessageActions(_bench.Calls),
            TestContext.Current.CancellationToken);
        Assert.False(asked.IsCompleted);

        var told = _bench.Clock.GetUtcNow();
        var result = Assert.IsType<ContentResult>(await _bench.RunAsync(asked));

        Assert.Equal("ended", JsonElement.Parse(result.Content!).GetProperty("state").GetString());
        Assert.InRange(_bench.Clock.GetUtcNow() - told, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_host_that_ends_keeps_nobody_waiting()
    {
        _http.Request.QueryString = new("?wait=200");
        var asked = _bench.Make<GetRemoval>().RunAsync(_http.Request, "r-1", TestContext.Current.CancellationToken);

        await _bench.Drain.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(404, Assert.IsType<ContentResult>(await asked).StatusCode);
    }

    [Fact]
    public async Task While_the_ledger_is_away_nothing_is_said_about_any_request()
    {
        await using var broken = new AppBench(new FailingLedger(() => new LedgerUnavailableException("ungroupstore is away.")));

        var (status, type, json) = await GetAsync(broken, "r-1");

        Assert.Equal((503, "application/problem+json"), (status, type));
        Assert.Equal("15", _http.Response.Headers.RetryAfter);
        Assert.DoesNotContain("ungroupstore", json.GetRawText(), StringComparison.Ordinal);
    }

    private async Task<(int? Status, string? Type, JsonElement Json)> GetAsync(AppBench bench, string? requestId)
    {
        var result = Assert.IsType<ContentResult>(
            await bench.Make<GetRemoval>().RunAsync(_http.Request, requestId, TestContext.Current.CancellationToken));
        return (result.StatusCode, result.ContentType, JsonElement.Parse(result.Content!));
    }
}
