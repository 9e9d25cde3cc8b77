using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ungroup.FunctionsHost.Files;

/// <summary>The JSON files beside an app. The Functions host allows comments in them.</summary>
internal static class AppFiles
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static JsonObject Read(string directory, string name)
    {
        var path = Path.Combine(directory, name);
        try
        {
            return JsonNode.Parse(File.ReadAllText(path), documentOptions: Lenient) as JsonObject
                ?? throw new FunctionsHostException($"{path} is no JSON object.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FunctionsHostException($"{path} cannot be read; expected the build output of a function app: {exception.Message}");
        }
        catch (JsonException exception)
        {
            throw new FunctionsHostException($"{path} is no JSON: {exception.Message}");
        }
    }

    /// <summary>The object at a path of member names; empty where there is none.</summary>
    public static JsonObject At(JsonObject owner, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            owner = owner[name] as JsonObject ?? [];
        }

        return owner;
    }
}
