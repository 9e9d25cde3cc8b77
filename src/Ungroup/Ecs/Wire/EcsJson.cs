using System.Text.Json;
using Ungroup.Json;

namespace Ungroup.Ecs.Wire;

/// <summary>ECS wraps every list in an object, <c>X: { Y: […] }</c>, and leaves out what is empty.</summary>
internal static class EcsJson
{
    public static IEnumerable<JsonElement> List(this JsonElement element, string plural, string singular) =>
        element.Find(plural) is { } wrapper && wrapper.Find(singular) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
