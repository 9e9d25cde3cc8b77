using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Functions;

/// <summary>The app's HTTP through the host's front: keys, bodies, and the status of a request.</summary>
public sealed class FunctionAppHttpTests : IAsyncLifetime
{
    private const string One = """{"requestId":"a/b","instanceId":"i-demo-web-1","securityGroupId":"sg-demo-web","regionId":"cn-hangzhou"}""";
    private const string Bad = """{"requestId":"bad","instanceId":"i-demo-web-1"}""";

    private readonly FunctionApp _app = new();
    private readonly HttpClient _http = new();
    private RunningCloud? _cloud;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cloud = await RunningCloud.StartAsync(World.Sample);
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
    public async Task A_request_is_accepted_worked_on_and_its_status_can_be_asked_for()
    {
        using var answer = await PostAsync(One);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/api/removals/a%2Fb", answer.Headers.Location?.OriginalString);

        JsonNode? status = null;
        await _app.UntilAsync(
            async () => (status = await GetAsync(answer.Headers.Location!.OriginalString))?.ToJsonString().Contains("\"Removed\"", StringComparison.Ordinal) == true,
            () => $"{status}", Stop);
        Assert.Equal("a/b", (string?)status!["requestId"]);
    }

    [Fact]
    public async Task Each_kind_of_body_gets_the_answer_that_is_due_to_it()
    {
        Assert.Equal(HttpStatusCode.Accepted, await StatusOfAsync($"[{One}]"));
        Assert.Equal(HttpStatusCode.MultiStatus, await StatusOfAsync($"[{One},{Bad}]"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusOfAsync(Bad));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await StatusOfAsync(new string(' ', 8 * 1024 * 1024)));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await StatusOfAsync(One, "text/plain"));
    }

    [Fact]
    public async Task Nobody_is_let_in_without_the_key()
    {
        using var stranger = new HttpClient { BaseAddress = _app.Host.HttpAddress };
        using var body = new StringContent(One, Encoding.UTF8, "application/json");

        using var without = await stranger.PostAsync(new Uri("api/removals", UriKind.Relative), body, Stop);
        using var wrong = await stranger.GetAsync(new Uri("api/removals/a?code=wrong", UriKind.Relative), Stop);
        using var inQuery = await stranger.GetAsync(new Uri($"api/removals/a?code={_app.Host.Key}", UriKind.Relative), Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, inQuery.StatusCode);
        Assert.Empty(_app.Began);
    }

    [Fact]
    public async Task What_no_function_serves_is_not_found()
    {
        using var elsewhere = await _http.GetAsync(new Uri("api/nothing", UriKind.Relative), Stop);
        using var otherMethod = await _http.DeleteAsync(new Uri("api/removals", UriKind.Relative), Stop);
        using var unknown = await _http.GetAsync(new Uri("api/removals/unknown", UriKind.Relative), Stop);

        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, otherMethod.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("Unknown request", await unknown.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private async Task<HttpResponseMessage> PostAsync(string text, string type = "application/json")
    {
        using var body = new StringContent(text, Encoding.UTF8, type);
        var answer = await _http.PostAsync(new Uri("api/removals", UriKind.Relative), body, Stop);
        Assert.True(answer.StatusCode != HttpStatusCode.InternalServerError, string.Join('\n', _app.Told.Concat(_app.Lines.Select(line => line.Message))));
        return answer;
    }

    private async Task<HttpStatusCode> StatusOfAsync(string text, string type = "application/json")
    {
        using var answer = await PostAsync(text, type);
        return answer.StatusCode;
    }

    private async Task<JsonNode?> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop)) : null;
    }
}
