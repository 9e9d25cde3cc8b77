using System.Text.Json;

namespace Ungroup.Ecs.Wire;

/// <summary>A read's body with status 200, which a proxy can write as well, and not in JSON.</summary>
internal static class JsonBody
{
    /// <summary>Null where it is no JSON object.</summary>
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
            // The caller says what came, and asks again.
        }

        document?.Dispose();
        return null;
    }
}
