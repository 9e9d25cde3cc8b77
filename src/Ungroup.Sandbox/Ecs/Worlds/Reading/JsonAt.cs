using System.Text;
using System.Text.Json;

namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>A JSON value that remembers its line, so that a refusal can point at it.</summary>
internal sealed record JsonAt(int Line, JsonValueKind Kind, string Text, IReadOnlyList<JsonAt> Items, IReadOnlyList<MemberAt> Members)
{
    public static JsonAt Parse(string json, string file)
    {
        var utf8 = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 16 });
        try
        {
            reader.Read();
            var root = Value(ref reader, new LineCounter(utf8), file);
            reader.Read();
            return root;
        }
        catch (JsonException problem)
        {
            var sentence = problem.Message.Split(" LineNumber:")[0];
            throw new WorldFileException(file, (int)(problem.LineNumber ?? 0) + 1, $"this is not JSON. {sentence}");
        }
    }

    public JsonAt WithTexts(Func<string, string> other) => this with
    {
        Text = Kind == JsonValueKind.String ? other(Text) : Text,
        Items = [.. Items.Select(item => item.WithTexts(other))],
        Members = [.. Members.Select(member => member with { Value = member.Value.WithTexts(other) })],
    };

    /// <summary>Appends what it says: the same text for the same values in the same order.</summary>
    public void AppendTo(StringBuilder text)
    {
        text.Append(Kind).Append(JsonSerializer.Serialize(Text));
        foreach (var item in Items)
        {
            item.AppendTo(text);
        }

        foreach (var member in Members)
        {
            text.Append(JsonSerializer.Serialize(member.Name));
            member.Value.AppendTo(text);
        }

        text.Append(';');
    }

    private static JsonAt Value(ref Utf8JsonReader reader, LineCounter lines, string file)
    {
        var line = lines.At(reader.TokenStartIndex);
        return reader.TokenType switch
        {
            JsonTokenType.StartObject => new(line, JsonValueKind.Object, "an object", [], MembersOf(ref reader, lines, file)),
            JsonTokenType.StartArray => new(line, JsonValueKind.Array, "an array", ItemsOf(ref reader, lines, file), []),
            JsonTokenType.String => new(line, JsonValueKind.String, TextOf(ref reader, line, file), [], []),
            JsonTokenType.Number => new(line, JsonValueKind.Number, Encoding.UTF8.GetString(reader.ValueSpan), [], []),
            JsonTokenType.True => new(line, JsonValueKind.True, "true", [], []),
            JsonTokenType.False => new(line, JsonValueKind.False, "false", [], []),
            _ => new(line, JsonValueKind.Null, "null", [], []),
        };
    }

    private static List<JsonAt> ItemsOf(ref Utf8JsonReader reader, LineCounter lines, string file)
    {
        var items = new List<JsonAt>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Value(ref reader, lines, file));
        }

        return items;
    }

    private static List<MemberAt> MembersOf(ref Utf8JsonReader reader, LineCounter lines, string file)
    {
        var members = new List<MemberAt>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var line = lines.At(reader.TokenStartIndex);
            var name = TextOf(ref reader, line, file);
            if (members.Exists(member => member.Name == name))
            {
                throw new WorldFileException(file, line, $"`{name}` is said twice in one object.");
            }

            reader.Read();
            members.Add(new MemberAt(name, line, Value(ref reader, lines, file)));
        }

        return members;
    }

    private static string TextOf(ref Utf8JsonReader reader, int line, string file)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, such as "\ud800", is JSON but no text.
            throw new WorldFileException(file, line, "a text is not valid Unicode.");
        }
    }

    private sealed class LineCounter(byte[] utf8)
    {
        private int _line = 1;
        private int _counted;

        public int At(long index)
        {
            _line += utf8.AsSpan(_counted, (int)index - _counted).Count((byte)'\n');
            _counted = (int)index;
            return _line;
        }
    }
}

internal sealed record MemberAt(string Name, int Line, JsonAt Value);
