using System.Text.Json.Nodes;
using Ungroup.Tests.Support;

namespace Ungroup.Functions.Tests;

public sealed class OpenApiTests
{
    private static readonly JsonNode Document = JsonNode.Parse(OpenApi.Document())!;

    [Fact]
    public void The_document_is_the_one_in_the_documentation() => Snapshot.Matches(OpenApi.Document(), "docs/openapi.json");

    [Fact]
    public void Every_function_over_HTTP_is_in_it() => Assert.Equal(
        [("/api/removals", "post", "RequestRemoval"), ("/api/removals/{requestId}", "get", "GetRemoval"), ("/api/restores", "post", "RequestRestore")],
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

    private static IEnumerable<string> Members(string schema) =>
        Document["components"]!["schemas"]![schema]!["properties"]!.AsObject().Select(member => member.Key);

    private static IEnumerable<JsonNode?> Inside(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Inside(member.Value)).Prepend(members),
        JsonArray items => items.SelectMany(Inside).Prepend(items),
        _ => [node],
    };
}
