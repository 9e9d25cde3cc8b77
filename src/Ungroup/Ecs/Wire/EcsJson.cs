using System.Text.Json;
using Ungroup.Requests;

namespace Ungroup.Ecs.Wire;

/// <summary>ECS wraps every list in an object, <c>X: { Y: […] }</c>, and leaves out what is empty.</summary>
internal static class EcsJson
{
    public static IEnumerable<JsonElement> List(this JsonElement element, string plural, string singular) =>
        element.Find(plural) is { } wrapper && wrapper.Find(singular) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    public static string? Text(this JsonElement element, string name) =>
        element.Find(name) is { } value ? JsonMembers.Text(value) : null;

    public static bool IsTrue(this JsonElement element, string name) => element.Find(name) is { ValueKind: JsonValueKind.True };

    private static JsonElement? Find(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
}
