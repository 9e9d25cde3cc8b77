using System.Text.Json;
using System.Text.Json.Nodes;
using Ungroup.FunctionsHost.Rpc;

namespace Ungroup.FunctionsHost.Triggers;

/// <summary>A binding that makes a function run, as the worker's metadata has it.</summary>
internal abstract record Trigger(string Function, string Parameter, JsonObject Settings)
{
    public sealed record Queue(string Function, string Parameter, JsonObject Settings) : Trigger(Function, Parameter, Settings);

    public sealed record Timer(string Function, string Parameter, JsonObject Settings) : Trigger(Function, Parameter, Settings);

    public sealed record Http(string Function, string Parameter, JsonObject Settings) : Trigger(Function, Parameter, Settings);

    /// <summary>A kind that only the Functions host knows: the function is left out.</summary>
    public sealed record Other(string Function, string Parameter, JsonObject Settings) : Trigger(Function, Parameter, Settings);

    public string Type => Text("type") ?? "";

    public static Trigger Of(RpcFunctionMetadata function)
    {
        var binding = function.RawBindings.Select(Parse).FirstOrDefault(IsTrigger)
            ?? throw new FunctionsHostException($"{function.Name} has no trigger among its bindings.");
        var parameter = binding["name"]?.ToString() ?? "";
        return binding["type"]?.ToString().ToUpperInvariant() switch
        {
            "SERVICEBUSTRIGGER" => new Queue(function.Name, parameter, binding),
            "TIMERTRIGGER" => new Timer(function.Name, parameter, binding),
            "HTTPTRIGGER" => new Http(function.Name, parameter, binding),
            _ => new Other(function.Name, parameter, binding),
        };
    }

    public string? Text(string name) => Settings[name] is JsonValue value ? value.ToString() : null;

    public bool? Flag(string name) => Settings[name] is JsonValue value && bool.TryParse(value.ToString(), out var flag) ? flag : null;

    private static JsonObject Parse(string binding)
    {
        try
        {
            return JsonNode.Parse(binding) as JsonObject ?? [];
        }
        catch (JsonException exception)
        {
            throw new FunctionsHostException($"The worker describes a binding that is no JSON: {exception.Message}");
        }
    }

    private static bool IsTrigger(JsonObject binding) =>
        binding["type"]?.ToString().EndsWith("Trigger", StringComparison.OrdinalIgnoreCase) == true;
}
