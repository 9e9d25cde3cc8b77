using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Ungroup.Functions.Queues;

/// <summary>How many messages of each queue the host hands to an instance at once: from an app setting or else <c>host.json</c>, as the host reads them.</summary>
public sealed class HostConcurrency(IConfiguration configuration)
{
    private const string Setting = "AzureFunctionsJobHost:extensions:serviceBus:maxConcurrentCalls";

    // The extension's default. Fewer than there are would only make an account's share smaller.
    private const int HostsOwn = 16;

    public int PerQueue { get; } = int.TryParse(configuration[Setting], out var told) && told > 0 ? told : OfTheFile() ?? HostsOwn;

    private static int? OfTheFile()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "host.json");
        if (!File.Exists(file))
        {
            return null;
        }

        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        return json.RootElement.TryGetProperty("extensions", out var extensions)
            && extensions.TryGetProperty("serviceBus", out var bus)
            && bus.TryGetProperty("maxConcurrentCalls", out var calls)
            && calls.TryGetInt32(out var number) ? number : null;
    }
}
