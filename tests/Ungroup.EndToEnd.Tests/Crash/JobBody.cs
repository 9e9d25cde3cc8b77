using System.Text.Json.Nodes;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>Jobs about the instances of <see cref="CrashWorld"/>.</summary>
internal static class JobBody
{
    public static (string MessageId, string Body) Of(string jobId, int resources, params IEnumerable<KeyValuePair<string, JsonNode?>> more) =>
        ($"m-{jobId}", new JsonObject([
            new("jobId", jobId), new("securityGroupId", CrashWorld.Group), new("regionId", "cn-hangzhou"),
            new("resources", new JsonArray([.. Enumerable.Range(0, resources).Select(number => JsonValue.Create(CrashWorld.Instance(number)))])),
            .. more,
        ]).ToJsonString());
}
