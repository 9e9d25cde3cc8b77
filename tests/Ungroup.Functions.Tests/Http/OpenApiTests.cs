using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Messaging.ServiceBus;
using Json.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Functions.Http.Holds;
using Ungroup.Functions.Http.Jobs;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Tests.Support;
using Ungroup.Tests.Support;

namespace Ungroup.Functions.Tests.Http;

public sealed class OpenApiTests : IAsyncDisposable
{
    private const string Expired = """{"requestId":"r-1","instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou","expiresAt":"2026-01-01T00:00:00Z"}""";

    private static readonly JsonNode Document = JsonNode.Parse(OpenApi.Document())!;

    private readonly AppBench _bench = new();
    private readonly DefaultHttpContext _http = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public void The_document_is_the_one_in_the_documentation() => Snapshot.Matches(OpenApi.Document(), "docs/openapi.json");

    [Fact]
    public void Every_function_over_HTTP_is_in_it() => Assert.Equal(
        [("/api/holds", "get", "GetHolds"), ("/api/holds", "post", "PutHold"), ("/api/holds/{id}", "delete", "LiftHold"),
            ("/api/jobs", "get", "GetJobs"), ("/api/jobs", "post", "SubmitJob"), ("/api/jobs/{jobId}", "get", "GetJob"), ("/api/jobs/{jobId}/approval", "post", "ApproveJob"),
            ("/api/jobs/{jobId}/cancel", "post", "CancelJob"), ("/api/jobs/{jobId}/restore", "post", "RestoreJob"), ("/api/jobs/{jobId}/results", "get", "GetJobResults"),
            ("/api/jobs/{jobId}/retry", "post", "RetryJob"), ("/api/removals", "post", "RequestRemoval"), ("/api/removals/{requestId}", "get", "GetRemoval"), ("/api/restores", "post", "RequestRestore")],
        from path in Document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, (string)operation.Value!["operationId"]!));

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = Inside(Document).OfType<JsonObject>().Select(node => (string?)node["$ref"]).OfType<string>().ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.NotNull(reference[2..].Split('/').Aggregate((JsonNode?)Document, (node, name) => node?[name])));
    }

    [Fact]
    public void Every_door_has_the_members_of_its_actions_and_no_others()
    {
        Assert.DoesNotContain(Members("Removal"), member => member is "of" or "force");
        Assert.Contains("isolationGroupId", Members("Removal"));
        Assert.Equal(
            ["account", "action", "dryRun", "expiresAt", "force", "notBefore", "of", "origin", "reason", "requestedBy", "requestId"],
            Members("Restore").Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_status_shows_the_outcome_of_the_contract() =>
        Assert.Equal("#/components/schemas/Outcome", (string?)Document["components"]!["schemas"]!["Status"]!["properties"]!["outcome"]!["$ref"]);

    [Theory]
    [InlineData("RequestRemoval", Expired, 202)]
    [InlineData("RequestRemoval", $"[{Expired},{{}}]", 207)]
    [InlineData("RequestRemoval", "{}", 400)]
    [InlineData("RequestRemoval", "[{},7]", 400)]
    [InlineData("RequestRestore", """{"requestId":"r-2","of":"r-1"}""", 202)]
    [InlineData("RequestRestore", """[{"requestId":"r-2","of":"r-1"}]""", 202)]
    [InlineData("RequestRestore", Expired, 400)]
    public async Task What_a_door_answers_is_what_it_says_there(string function, string body, int status)
    {
        (_http.Request.Body, _http.Request.ContentType) = (new MemoryStream(Encoding.UTF8.GetBytes(body)), "application/json");
        var answer = await _bench.RunAsync(function == "RequestRestore"
            ? _bench.Make<RequestRestore>().RunAsync(_http.Request)
            : _bench.Make<RequestRemoval>().RunAsync(_http.Request));

        AssertDescribed(function, answer, status);
    }

    [Theory]
    [InlineData("r-1", 200)]
    [InlineData("r-2", 404)]
    [InlineData("r 3", 400)]
    public async Task What_is_said_of_a_request_is_what_it_says_there(string requestId, int status)
    {
        await _bench.Make<RemoveFromSecurityGroup>().RunAsync(
            ServiceBusModelFactory.ServiceBusReceivedMessage(body: BinaryData.FromString(Expired), messageId: "m-1", enqueuedTime: AppBench.Now),
            new RecordingMessageActions(_bench.Calls), TestContext.Current.CancellationToken);

        AssertDescribed("GetRemoval", await _bench.Make<GetRemoval>().RunAsync(_http.Request, requestId, TestContext.Current.CancellationToken), status);
    }

    [Theory]
    [InlineData("""{"reason":"change freeze"}""", 201)]
    [InlineData("""{"account":"default","group":"sg-1","origin":"cleanup","reason":"change freeze","by":"ops","for":"2h"}""", 201)]
    [InlineData("""{"group":"i-1"}""", 400)]
    public async Task What_is_said_to_an_order_for_a_hold_is_what_it_says_there(string body, int status)
    {
        (_http.Request.Body, _http.Request.ContentType) = (new MemoryStream(Encoding.UTF8.GetBytes(body)), "application/json");
        var stop = TestContext.Current.CancellationToken;
        var answer = Assert.IsType<ContentResult>(await _bench.Make<PutHold>().RunAsync(_http.Request, stop));

        AssertDescribed("PutHold", answer, status);
        AssertDescribed("GetHolds", await _bench.Make<GetHolds>().RunAsync(_http.Request, stop), 200);
        var id = status == 201 ? JsonElement.Parse(answer.Content!).GetProperty("id").GetString()! : "h-1";
        AssertDescribed("LiftHold", await _bench.Make<LiftHold>().RunAsync(_http.Request, id, stop), status == 201 ? 200 : 404);
        AssertDescribed("LiftHold", await _bench.Make<LiftHold>().RunAsync(_http.Request, id, stop), 404);
    }

    [Fact]
    public async Task What_is_said_of_a_job_is_what_it_says_there()
    {
        await using var bench = new JobsBench();
        AssertDescribed("SubmitJob", await bench.SubmitAsync("{}"), 400);
        AssertDescribed("SubmitJob", await bench.SubmitAsync(JobsBench.Body, "text/plain"), 415);
        AssertDescribed("GetJob", await bench.GetAsync("JOB-7"), 404);
        var plan = await bench.AwaitAsync();
        AssertDescribed("SubmitJob", await bench.SubmitAsync(JobsBench.Body), 202);
        AssertDescribed("SubmitJob", await bench.SubmitAsync(JobsBench.Body.Replace("i-2", "i-3", StringComparison.Ordinal)), 409);
        AssertDescribed("GetJob", await bench.GetAsync("JOB-7"), 200);
        AssertDescribed("GetJobs", await bench.ListAsync("?limit=1"), 200);
        AssertDescribed("GetJobs", await bench.ListAsync("?limit=0"), 400);
        AssertDescribed("ApproveJob", await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan, "alice")), 403);
        AssertDescribed("ApproveJob", await bench.ApproveAsync("JOB-7", "{}"), 400);
        AssertDescribed("ApproveJob", await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), ("X-MS-CLIENT-PRINCIPAL", "e30=")), 401);
        AssertDescribed("ApproveJob", await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan)), 200);
        AssertDescribed("ApproveJob", await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan, decision: "reject")), 409);
        AssertDescribed("RetryJob", await bench.RetryAsync("JOB-7"), 409);
        AssertDescribed("CancelJob", await bench.CancelAsync("JOB-7", """{"reason":"wrong group"}"""), 200);
        AssertDescribed("GetJobResults", (200, JsonElement.Parse((await bench.ResultsAsync("JOB-7")).Text)), 200);
        await bench.DriveAsync();
        AssertDescribed("RetryJob", await bench.RetryAsync("JOB-7", """{"by":"dave"}"""), 202);
        AssertDescribed("RestoreJob", await bench.RestoreAsync("JOB-7"), 409);
    }

    private static void AssertDescribed(string function, (int Status, JsonElement Json) answer, int status) => AssertDescribed(
        function,
        new ContentResult { StatusCode = answer.Status, Content = answer.Json.GetRawText(), ContentType = answer.Status < 400 ? "application/json" : "application/problem+json" },
        status);

    private static void AssertDescribed(string function, IActionResult answer, int status)
    {
        var content = Assert.IsType<ContentResult>(answer);
        var operation = Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).First(one => (string?)one.Value!["operationId"] == function).Value!;
        var schema = operation["responses"]![$"{status}"]!["content"]![content.ContentType!]!["schema"]!.DeepClone().AsObject();
        schema["$defs"] = Document["components"]!["schemas"]!.DeepClone();
        var read = JsonSchema.FromText(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal)).Evaluate(JsonElement.Parse(content.Content!));

        Assert.Equal(status, content.StatusCode);
        Assert.True(read.IsValid, content.Content);
    }

    private static IEnumerable<string> Members(string schema) =>
        Document["components"]!["schemas"]![schema]!["properties"]!.AsObject().Select(member => member.Key);

    private static IEnumerable<JsonNode?> Inside(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Inside(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Inside).Prepend(items),
        _ => [node],
    };
}
