using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Functions.Http;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Tests.Support;

namespace Ungroup.Functions.Tests.Http;

public sealed class RequestRemovalTests : IAsyncDisposable
{
    private const string Trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private readonly AppBench _bench = new();
    private readonly DefaultHttpContext _http = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_request_is_enqueued_under_its_key_and_answered_with_where_to_ask()
    {
        var body = Body("inc-1/web 7".Replace(' ', '-'), "\"origin\":\"incident\"");

        var (status, type, json) = await PostAsync(body);

        Assert.Equal((202, "application/json"), (status, type));
        Assert.Equal("/api/removals/inc-1%2Fweb-7", _http.Response.Headers.Location);
        Assert.Equal(("accepted", "inc-1/web-7", "removals-incident"), (Text(json, "status"), Text(json, "requestId"), Text(json, "queue")));
        var sent = Assert.Single(_bench.Bus.Sent);
        Assert.Equal(("inc-1/web-7", "application/json", body), (sent.MessageId, sent.ContentType, sent.Body.ToString()));
        Assert.Equal(["send inc-1/web-7 to removals-incident"], _bench.Calls);
    }

    [Fact]
    public async Task The_location_names_an_account_that_is_not_the_default_one()
    {
        await PostAsync(Body("r-1", "\"account\":\"beijing\""));

        Assert.Equal("/api/removals/r-1?account=beijing", _http.Response.Headers.Location);
    }

    [Theory]
    [InlineData(Trace, Trace)]
    [InlineData("not a trace", null)]
    [InlineData(null, null)]
    public async Task The_message_carries_on_the_trace_of_the_call(string? header, string? carried)
    {
        _http.Request.Headers.TraceParent = header;

        await PostAsync(Body("r-1"));

        Assert.Equal(carried, Assert.Single(_bench.Bus.Sent).ApplicationProperties.TryGetValue("traceparent", out var trace) ? trace : null);
    }

    [Fact]
    public async Task The_trace_of_the_invocation_wins()
    {
        _http.Request.Headers.TraceParent = Trace;
        using var invocation = new Activity("invocation").Start();

        await PostAsync(Body("r-1"));

        Assert.Equal(invocation.Id, Assert.Single(_bench.Bus.Sent).ApplicationProperties["traceparent"]);
    }

    [Fact]
    public async Task An_invalid_request_is_not_enqueued_and_its_members_are_named()
    {
        var (status, type, json) = await PostAsync(Body("r-1", "\"dryrun\":true"));

        Assert.Equal((400, "application/problem+json"), (status, type));
        Assert.Equal("dryrun", Text(json.GetProperty("problems")[0], "member"));
        Assert.Empty(_bench.Calls);
        Assert.False(_http.Response.Headers.ContainsKey("Location"));
    }

    [Fact]
    public async Task Of_a_batch_what_is_valid_is_enqueued_and_each_request_has_a_result()
    {
        var (status, _, json) = await PostAsync($"[{Body("r-1")},{Body("r-2", "\"dryrun\":true")},{Body("r-3", "\"origin\":\"incident\"")}]");

        Assert.Equal(207, status);
        Assert.Equal(["accepted", "invalid", "accepted"], Statuses(json));
        Assert.Equal(["send r-1 to removals", "send r-3 to removals-incident"], _bench.Calls);
        Assert.Equal("/api/removals/r-3", Text(json.GetProperty("results")[2], "location"));
    }

    [Fact]
    public async Task A_batch_that_is_all_valid_is_accepted()
    {
        var (status, _, json) = await PostAsync($"[{Body("r-1")},{Body("r-2")}]");

        Assert.Equal(202, status);
        Assert.Equal(["accepted", "accepted"], Statuses(json));
    }

    [Fact]
    public async Task A_batch_that_is_all_invalid_is_a_problem()
    {
        var (status, type, json) = await PostAsync("[{},7]");

        Assert.Equal((400, "application/problem+json"), (status, type));
        Assert.Equal(["invalid", "invalid"], Statuses(json));
        Assert.Empty(_bench.Calls);
    }

    [Fact]
    public async Task A_batch_that_cannot_be_told_apart_is_a_problem()
    {
        var (status, _, json) = await PostAsync("[{]");

        Assert.Equal((400, "body"), (status, Text(json.GetProperty("problems")[0], "member")));
    }

    [Fact]
    public async Task Where_the_queue_does_not_take_it_the_answer_says_so_and_under_which_key_to_send_it_again()
    {
        _bench.Bus.Refuses = (_, _) => true;

        var (status, type, json) = await PostAsync("""{"instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""");

        Assert.Equal((503, "application/problem+json"), (status, type));
        Assert.Equal("15", _http.Response.Headers.RetryAfter);
        var result = json.GetProperty("results")[0];
        Assert.Equal("unconfirmed", Text(result, "status"));
        Assert.True(Guid.TryParse(Text(result, "requestId"), out _));
    }

    [Fact]
    public async Task Where_the_queue_takes_only_a_part_of_a_batch_the_answer_says_which()
    {
        _bench.Bus.Refuses = (_, message) => message.MessageId == "r-2";

        var (status, _, json) = await PostAsync($"[{Body("r-1")},{Body("r-2")},7]");

        Assert.Equal(503, status);
        Assert.Equal(["accepted", "unconfirmed", "invalid"], Statuses(json));
        Assert.Contains("1 of 3", Text(json, "detail"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_says_nothing_is_not_waited_for_for_ever()
    {
        _bench.Bus.IsSilent = true;

        var (status, _, _) = await PostAsync(Body("r-1"));

        Assert.Equal(503, status);
    }

    [Fact]
    public async Task What_is_too_large_is_not_read_to_its_end()
    {
        var endless = new CountingStream();

        var (status, _, _) = await PostAsync(endless);

        Assert.Equal(413, status);
        Assert.InRange(endless.BytesRead, 1024 * 1024, 1024 * 1024 + 64 * 1024);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_content_type_is_refused(string? contentType)
    {
        var (status, type, _) = await PostAsync(Body("r-1"), contentType);

        Assert.Equal((415, "application/problem+json"), (status, type));
        Assert.Empty(_bench.Calls);
    }

    private static string Body(string requestId, string? more = null) =>
        $$"""{"requestId":"{{requestId}}","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"{{(more is null ? "" : "," + more)}}}""";

    private Task<(int? Status, string? Type, JsonElement Json)> PostAsync(string body, string? contentType = "application/json") =>
        PostAsync(new MemoryStream(Encoding.UTF8.GetBytes(body)), contentType);

    private async Task<(int? Status, string? Type, JsonElement Json)> PostAsync(Stream body, string? contentType = "application/json")
    {
        (_http.Request.Body, _http.Request.ContentType) = (body, contentType);
        var result = Assert.IsType<ContentResult>(await _bench.RunAsync(_bench.Make<RequestRemoval>().RunAsync(_http.Request)));
        return (result.StatusCode, result.ContentType, JsonElement.Parse(result.Content!));
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static IEnumerable<string?> Statuses(JsonElement json) => json.GetProperty("results").EnumerateArray().Select(result => Text(result, "status"));
}
