using System.Text.Json;

namespace Ungroup.Ecs.Wire;

/// <summary>A read's body with status 200, which a proxy can write as well, and not in JSON.</summary>
internal static class JsonBody
{
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }
        }
        catch (JsonException)
        {
        }

        document?.Dispose();
        return null;
    }
}
