using System.Text.Json;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>Lists are singular names inside plural objects, `Xs: { X: [ … ] }`. [SDK-MODEL]</summary>
internal static class Writing
{
    public static void WriteList<T>(this Utf8JsonWriter json, string plural, string singular, IEnumerable<T> items, Action<T> write)
    {
        json.WriteStartObject(plural);
        json.WriteStartArray(singular);
        foreach (var item in items)
        {
            write(item);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteTexts(this Utf8JsonWriter json, string plural, string singular, IEnumerable<string> texts) =>
        json.WriteList(plural, singular, texts, json.WriteStringValue);

    public static void WriteGroupIds(this Utf8JsonWriter json, IEnumerable<SecurityGroup> groups) =>
        json.WriteTexts("SecurityGroupIds", "SecurityGroupId", groups.Select(group => group.Id));

    public static void WriteTags(this Utf8JsonWriter json, IReadOnlyDictionary<string, string> tags) =>
        json.WriteList("Tags", "Tag", tags, tag =>
        {
            json.WriteStartObject();
            json.WriteString("TagKey", tag.Key);
            json.WriteString("TagValue", tag.Value);
            json.WriteEndObject();
        });
}
