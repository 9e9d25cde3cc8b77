using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Functions.Http;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Tests.Support;
using Ungroup.Tests.Support;

namespace Ungroup.Functions.Tests.Http;

/// <summary>The playbook for Sentinel has not run anywhere, so that what can be known without is checked here.</summary>
public sealed partial class SentinelPlaybookTests
{
    private static readonly JsonSchema Language = JsonSchema.FromText(Read("workflow.schema.json"));

    private readonly JsonNode _playbook = JsonNode.Parse(Read("contain.json"))!;

    private JsonObject ForEachHost => _playbook["actions"]!["Each"]!["actions"]!.AsObject();

    [Fact]
    public void It_is_written_in_the_language_of_workflows() => Assert.True(IsValid(_playbook));

    [Theory]
    [InlineData("\"triggers\":{", "\"trigger\":{")]
    [InlineData("\"type\":\"SecureString\"", "\"type\":\"SecureString\",\"defaultValue\":\"a secret in a file\"")]
    [InlineData("[\"Succeeded\"]", "[\"Suceeded\"]")]
    [InlineData("\"limit\":", "\"limits\":")]
    [InlineData("\"PT5S\"", "\"5s\"")]
    [InlineData("\"type\":\"Http\"", "\"type\":\"HTTP\"")]
    public void A_slip_in_it_would_be_seen(string right, string wrong)
    {
        var text = _playbook.ToJsonString();
        var slipped = text.Replace(right, wrong, StringComparison.Ordinal);

        Assert.NotEqual(text, slipped);
        Assert.False(IsValid(JsonNode.Parse(slipped)!));
    }

    [Fact]
    public void Every_action_runs_after_actions_beside_it() => Assert.All(Scopes(_playbook), scope => Assert.All(
        scope.SelectMany(action => action.Value!["runAfter"]!.AsObject().Select(before => before.Key)), before => Assert.Contains(before, scope)));

    [Fact]
    public void Every_parameter_and_every_action_that_it_names_is_there()
    {
        var text = _playbook.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        var actions = Scopes(_playbook).SelectMany(scope => scope.Select(action => action.Key)).ToList();

        Assert.Equal(
            _playbook["parameters"]!.AsObject().Select(parameter => parameter.Key).Order(StringComparer.Ordinal),
            Parameter().Matches(text).Select(match => match.Groups["name"].Value).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Body().Matches(text), match => Assert.Contains(match.Groups["name"].Value, actions));
    }

    [Fact]
    public async Task What_it_asks_for_is_a_contain_that_the_door_takes_and_the_same_however_often_it_is_sent()
    {
        var body = Expression().Replace(ForEachHost["Contain"]!["inputs"]!["body"]!.ToJsonString(), match => match.Value switch
        {
            var host when host.Contains("HostName", StringComparison.Ordinal) => "i-bp1web7",
            var region when region.Contains("region", StringComparison.Ordinal) => "cn-hangzhou",
            var account when account.Contains("account", StringComparison.Ordinal) => "default",
            _ => "5f2f3d1c-8f2a-4a0e-9a53-6c1a2b3c4d5e",
        });
        await using var bench = new AppBench(settings: new("Accounts:default:IsolationGroups", "sg-iso"));
        var http = new DefaultHttpContext();
        (http.Request.Body, http.Request.ContentType) = (new MemoryStream(Encoding.UTF8.GetBytes(body)), "application/json");

        var answer = Assert.IsType<ContentResult>(await bench.RunAsync(bench.Make<RequestRemoval>().RunAsync(http.Request)));

        Assert.Equal(202, answer.StatusCode);
        var request = JsonElement.Parse(Assert.Single(bench.Bus.Sent).Body.ToString());
        Assert.Equal(("contain", "incident"), (request.GetProperty("action").GetString(), request.GetProperty("origin").GetString()));
        Assert.Equal(["send sentinel/5f2f3d1c-8f2a-4a0e-9a53-6c1a2b3c4d5e/i-bp1web7 to removals-incident"], bench.Calls);
        Assert.DoesNotContain("utcNow", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("guid()", body, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A 202 with a Location is otherwise polled by the action itself, which knows no key.</summary>
    [Fact]
    public void It_waits_by_itself_for_the_end() => Assert.Equal("DisableAsyncPattern", (string?)ForEachHost["Contain"]!["operationOptions"]);

    [Fact]
    public void The_key_is_in_no_log_of_a_run() => Assert.All(
        Scopes(_playbook).SelectMany(scope => scope.Select(action => action.Value!)).Where(action => (string?)action["type"] == "Http"),
        action => Assert.Equal("inputs", (string?)action["runtimeConfiguration"]!["secureData"]!["properties"]![0]));

    private static bool IsValid(JsonNode playbook) => Language.Evaluate(JsonElement.Parse(playbook.ToJsonString())).IsValid;

    private static IEnumerable<JsonObject> Scopes(JsonNode scope) => scope["actions"] is not JsonObject actions ? []
        : actions.SelectMany(action => Scopes(action.Value!)).Prepend(actions);

    private static string Read(string file) => File.ReadAllText(Snapshot.Find($"infra/sentinel/{file}"));

    [GeneratedRegex(@"parameters\('(?<name>[^']+)'\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"body\('(?<name>[^']+)'\)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Body();

    [GeneratedRegex(@"@\{[^}]*\}", RegexOptions.None, 1_000)]
    private static partial Regex Expression();
}
