using System.Net;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.Functions.Http.Jobs;
using Ungroup.Functions.Queues;
using Ungroup.Ledger;

namespace Ungroup.Functions.Tests.Support;

/// <summary>The doors of jobs, with an ECS that lists nothing: what was asked for by its id is planned all the same.</summary>
internal sealed class JobsBench(KeyValuePair<string, string?> settings = default, ILedgerStore? store = null) : IAsyncDisposable
{
    public const string Body = """{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","requestedBy":"alice","resources":["i-1","i-2"],"approval":"required"}""";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public AppBench App { get; } = new(store, settings: settings, ecs: new ListsNothing());

    public DefaultHttpContext Http { get; private set; } = new();

    public ValueTask DisposeAsync() => App.DisposeAsync();

    public Task<(int Status, JsonElement Json)> SubmitAsync(string body, string contentType = "application/json", string query = "", params (string Name, string Value)[] headers) =>
        AnswerAsync(App.Make<SubmitJob>().RunAsync(Request("POST", body, query, headers, contentType), Stop));

    public Task<(int Status, JsonElement Json)> ListAsync(string query = "") => AnswerAsync(App.Make<GetJobs>().RunAsync(Request("GET", "", query), Stop));

    public Task<(int Status, JsonElement Json)> GetAsync(string jobId, string query = "") => AnswerAsync(App.Make<GetJob>().RunAsync(Request("GET", "", query), jobId, Stop));

    public Task<(int Status, JsonElement Json)> CancelAsync(string jobId, string body, params (string Name, string Value)[] headers) =>
        AnswerAsync(App.Make<CancelJob>().RunAsync(Request("POST", body, "", headers), jobId, Stop));

    public Task<(int Status, JsonElement Json)> RetryAsync(string jobId, string body = "") => AnswerAsync(App.Make<RetryJob>().RunAsync(Request("POST", body), jobId, Stop));

    public Task<(int Status, JsonElement Json)> RestoreAsync(string jobId, string body = "") => AnswerAsync(App.Make<RestoreJob>().RunAsync(Request("POST", body), jobId, Stop));

    public Task<(int Status, JsonElement Json)> ApproveAsync(string jobId, string body, params (string Name, string Value)[] headers) =>
        AnswerAsync(App.Make<ApproveJob>().RunAsync(Request("POST", body, "", headers), jobId, Stop));

    /// <summary>The answer as it is written out.</summary>
    public async Task<(int Status, string? ContentType, string Text)> ResultsAsync(string jobId, string query = "", params (string Name, string Value)[] headers)
    {
        var answer = await App.Make<GetJobResults>().RunAsync(Request("GET", "", query, headers), jobId, Stop);
        using var written = new MemoryStream();
        (Http.Response.Body, Http.RequestServices) = (written, new ServiceCollection().AddLogging().AddMvcCore().Services.BuildServiceProvider());
        await answer.ExecuteResultAsync(new() { HttpContext = Http });
        return (Http.Response.StatusCode, Http.Response.ContentType, Encoding.UTF8.GetString(written.ToArray()));
    }

    /// <summary>Delivers the message that drives the job, as often as there is one.</summary>
    public async Task DriveAsync()
    {
        var message = App.Bus.Sent.Last(sent => sent.Body.ToString().StartsWith("{\"jobId\"", StringComparison.Ordinal));
        await App.RunAsync(App.Make<DriveJobs>().RunAsync(
            ServiceBusModelFactory.ServiceBusReceivedMessage(body: message.Body, messageId: message.MessageId, enqueuedTime: App.Clock.GetUtcNow()), new RecordingMessageActions(App.Calls), Stop));
    }

    /// <summary>The hash of the plan of a job that waits for its approval.</summary>
    public async Task<string> AwaitAsync(params (string Name, string Value)[] submitter)
    {
        Assert.Equal(202, (await SubmitAsync(Body, headers: submitter)).Status);
        await DriveAsync();
        var job = (await GetAsync("JOB-7")).Json;
        Assert.Equal("AwaitingApproval", job.GetProperty("state").GetString());
        return job.GetProperty("plan").GetString()!;
    }

    public static string Verdict(string plan, string by = "bob", string decision = "approve") => $$"""{"plan":"{{plan}}","by":"{{by}}","decision":"{{decision}}"}""";

    private static async Task<(int Status, JsonElement Json)> AnswerAsync(Task<IActionResult> answer)
    {
        var content = Assert.IsType<ContentResult>(await answer);
        return (content.StatusCode!.Value, JsonElement.Parse(content.Content!));
    }

    private HttpRequest Request(string method, string body, string query = "", (string Name, string Value)[]? headers = null, string? contentType = "application/json")
    {
        Http = new();
        var request = Http.Request;
        (request.Method, request.Body, request.ContentType, request.QueryString) = (method, new MemoryStream(Encoding.UTF8.GetBytes(body)), contentType, new(query));
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers[name] = value;
        }

        return request;
    }

    private sealed class ListsNothing : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent("""{"RequestId":"R","TotalCount":0,"Instances":{"Instance":[]}}""", Encoding.UTF8, "application/json"),
        });
    }
}
