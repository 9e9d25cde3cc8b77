using System.Text.Encodings.Web;
using System.Text.Json;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Cli.Sandbox;

/// <summary>What the function app's local.settings.json has to say for the app to work against a sandbox.</summary>
internal static class FunctionAppSettings
{
    // To be copied as it is: a key may have a plus in it.
    private static readonly JsonSerializerOptions AsItIs = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string For(string bus, EcsSimulator ecs)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",

            // The Functions host needs a storage account of its own, which a sandbox is not: Azurite.
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            ["ServiceBus"] = bus,
            ["Outcomes__Topic"] = Cloud.Outcomes,
            ["Ecs__Endpoint"] = $"{ecs.Address}",
        };
        foreach (var (name, value) in SandboxAccounts.ByKey(ecs.World).Where(setting => setting.Value is not null))
        {
            values[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return JsonSerializer.Serialize(new { IsEncrypted = false, Values = values }, AsItIs);
    }
}
