using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Functions.Http;
using Ungroup.Functions.Http.Holds;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Tests.Support;
using Ungroup.Ledger;

namespace Ungroup.Functions.Tests.Http;

public sealed class HoldsTests : IAsyncDisposable
{
    private readonly AppBench _bench = new();
    private readonly DefaultHttpContext _http = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_hold_is_put_listed_and_lifted()
    {
        var (status, put) = await PutAsync(_bench, """{"account":"beijing","group":"SG-web","origin":"cleanup","reason":" change\nfreeze","by":"ops","for":"2h"}""");

        Assert.Equal(201, status);
        var id = put.GetProperty("id").GetString();
        Assert.Equal($"/api/holds/{id}", _http.Response.Headers.Location.ToString());
        var listed = Assert.Single(await ListAsync());
        Assert.Equal(("beijing", "sg-web", "cleanup", "ops", "change freeze"), (Text(listed, "account"), Text(listed, "group"), Text(listed, "origin"), Text(listed, "by"), Text(listed, "reason")));
        Assert.Equal(AppBench.Now.AddHours(2), listed.GetProperty("until").GetDateTimeOffset());
        Assert.Equal(200, (await LiftAsync(id!)).StatusCode);
        Assert.Empty(await ListAsync());
        Assert.Equal(404, (await LiftAsync(id!)).StatusCode);
    }

    [Fact]
    public async Task It_says_how_many_requests_would_run_out_of_time()
    {
        await _bench.RunAsync(_bench.Make<RequestRestore>().RunAsync(Body("""{"requestId":"undo-1","of":"inc-1"}""")));

        Assert.Equal(1, (await PutAsync(_bench, """{"reason":"freeze"}""")).Json.GetProperty("expiring").GetProperty("requests").GetInt32());
        Assert.Equal(0, (await PutAsync(_bench, """{"reason":"freeze","for":"2h"}""")).Json.GetProperty("expiring").GetProperty("requests").GetInt32());
        Assert.Equal(0, (await PutAsync(_bench, """{"reason":"freeze","account":"beijing"}""")).Json.GetProperty("expiring").GetProperty("requests").GetInt32());
    }

    [Theory]
    [InlineData("{}", "reason", "`reason` was missing")]
    [InlineData("""{"reason":"  "}""", "reason", "`reason` was empty")]
    [InlineData("""{"reason":"x","acount":"default"}""", "acount", "did you mean `account`?")]
    [InlineData("""{"reason":"x","securityGroupId":"sg-1"}""", "securityGroupId", "did you mean `group`?")]
    [InlineData("""{"reason":"x","account":"prod"}""", "account", "which is not configured")]
    [InlineData("""{"reason":"x","group":"i-1"}""", "group", "expected the id of a security group")]
    [InlineData("""{"reason":"x","origin":"everyone"}""", "origin", "expected \"upstream\", \"incident\" or \"cleanup\"")]
    [InlineData("""{"reason":"x","for":"2"}""", "for", "expected a time with its unit")]
    [InlineData("""{"reason":"x","for":"0s"}""", "for", "expected a time with its unit")]
    [InlineData("""{"reason":"x","until":"2026-01-02T03:04:05Z"}""", "until", "which has passed")]
    [InlineData("""{"reason":"x","for":"2h","until":"2026-02-02T03:04:05Z"}""", "until", "were both there")]
    public async Task A_slip_holds_nothing_and_is_told(string body, string member, string sentence)
    {
        var (status, json) = await PutAsync(_bench, body);

        Assert.Equal(400, status);
        var problem = Assert.Single(json.GetProperty("problems").EnumerateArray());
        Assert.Equal(member, Text(problem, "member"));
        Assert.Contains(sentence, Text(problem, "sentence"), StringComparison.Ordinal);
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_ledger_that_is_away_is_said_to_be()
    {
        await using var bench = new AppBench(new FailingLedger(() => new LedgerUnavailableException("The disk is full.")));

        Assert.Equal(503, (await PutAsync(bench, """{"reason":"freeze"}""")).Status);
        Assert.Equal("15", _http.Response.Headers.RetryAfter.ToString());
    }

    private HttpRequest Body(string body)
    {
        (_http.Request.Body, _http.Request.ContentType) = (new MemoryStream(Encoding.UTF8.GetBytes(body)), "application/json");
        return _http.Request;
    }

    private async Task<(int Status, JsonElement Json)> PutAsync(AppBench bench, string body)
    {
        var answer = Assert.IsType<ContentResult>(await bench.Make<PutHold>().RunAsync(Body(body), Stop));
        return (answer.StatusCode!.Value, JsonElement.Parse(answer.Content!));
    }

    private async Task<List<JsonElement>> ListAsync() =>
        [.. JsonElement.Parse(Assert.IsType<ContentResult>(await _bench.Make<GetHolds>().RunAsync(_http.Request, Stop)).Content!).GetProperty("holds").EnumerateArray()];

    private async Task<ContentResult> LiftAsync(string id) => Assert.IsType<ContentResult>(await _bench.Make<LiftHold>().RunAsync(_http.Request, id, Stop));

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
