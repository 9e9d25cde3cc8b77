using System.Text.Encodings.Web;
using System.Text.Json;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>The local.settings.json with which the function app works against a sandbox.</summary>
internal static class FunctionAppSettings
{
    // To be copied as it is: a key may have a plus in it.
    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string For(string bus, EcsSimulator ecs) =>
        JsonSerializer.Serialize(new { IsEncrypted = false, Values = Values(bus, ecs, SandboxAccounts.ByKey(ecs.World)) }, AsItIs);

    public static Dictionary<string, string> Values(string bus, EcsSimulator ecs, IEnumerable<KeyValuePair<string, string?>> accounts)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",

            // The Functions host needs a storage account of its own, which a sandbox is not.
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["ServiceBus"] = bus,
            ["Outcomes__Topic"] = Cloud.Outcomes,
            ["Ecs__Endpoint"] = $"{ecs.Address}",
        };
        foreach (var (name, value) in accounts)
        {
            if (value is not null)
            {
                values[name.Replace(":", "__", StringComparison.Ordinal)] = value;
            }
        }

        return values;
    }
}
