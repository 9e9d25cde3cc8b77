using System.Text.Json;
using Ungroup.Display;
using Ungroup.Json;

namespace Ungroup.Requests;

internal static class Shown
{
    private const int LongestText = 64;

    public static string Text(string text) => DisplayText.Of(Secrets.Redact(text), LongestText);

    public static string OneLine(string text, int longest) => DisplayText.Of(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), longest);

    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String when JsonText.Of(value) is { } text => Quoted(text),
        JsonValueKind.String => "text with half of a character in it (one of the two \\u… of a pair)",
        JsonValueKind.Number => Text(value.GetRawText()),
        _ => Kind(value),
    };

    public static string Optional(JsonElement value, string expected) => value.ValueKind switch
    {
        JsonValueKind.Null => $"{expected}, or leave it out",
        JsonValueKind.String when JsonText.Of(value) is null => $"{expected}, cut only between whole characters",
        _ => expected,
    };

    // Nothing is left of one long word: it may be the beginning of a secret.
    public static string Quoted(string text) => text.Length == 0 ? "empty"
        : Text(text) is { Length: > 0 } shown ? $"\"{shown}\"" : $"text of {text.Length:N0} characters that is not shown, for it may be secret";

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.String => "a string",
        _ => "nothing",
    };
}
