using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ungroup.Requests;

/// <summary>The id of a security group: <c>sg-</c> and up to 60 letters, digits, hyphens or underscores.</summary>
[JsonConverter(typeof(SecurityGroupIdConverter))]
internal sealed record SecurityGroupId
{
    private SecurityGroupId(string value) => Value = value;

    public string Value { get; }

    public static bool TryParse(string? text, [NotNullWhen(true)] out SecurityGroupId? id)
    {
        id = ResourceId.HasForm(text, "sg-") ? new(text) : null;
        return id is not null;
    }

    public override string ToString() => Value;
}

internal sealed class SecurityGroupIdConverter : JsonConverter<SecurityGroupId>
{
    public override SecurityGroupId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is var text && SecurityGroupId.TryParse(text, out var id)
            ? id
            : throw new JsonException($"A request is about '{text}', which is no security group.");

    public override void Write(Utf8JsonWriter writer, SecurityGroupId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
