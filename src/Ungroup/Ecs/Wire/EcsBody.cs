using System.Text;
using System.Text.Json;
using System.Xml;

namespace Ungroup.Ecs.Wire;

/// <summary>
/// The envelope of a reply, JSON or XML by its first byte: the content type of errors is not reliable. Some gateways write keys in
/// lower case, so case does not count.
/// </summary>
internal sealed record EcsBody(string? RequestId, string? Code, string? Message, string? Denied)
{
    private const int LongestCode = 128;

    public const int LongestId = 128;

    private static readonly XmlReaderSettings SafeXml = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public static EcsBody? Parse(ReadOnlyMemory<byte> body)
    {
        var text = body.TrimStart(" \t\r\n\uFEFF"u8);
        try
        {
            return text.Span switch
            {
                [(byte)'{', ..] => ParseJson(text),
                [(byte)'<', ..] => ParseXml(text),
                _ => null,
            };
        }
        catch (Exception problem) when (problem is JsonException or XmlException or InvalidOperationException)
        {
            return null;
        }
    }

    private static EcsBody ParseJson(ReadOnlyMemory<byte> text)
    {
        var reader = new Utf8JsonReader(text.Span);
        var fields = new Fields();
        while (reader.Read())
        {
            // Other fields are skipped and yet read to the end: a reply that was cut off has no code.
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var name = reader.GetString()!;
            var field = Fields.IndexOf(name);
            reader.Read();
            if (field >= 0 && reader.TokenType == JsonTokenType.String)
            {
                fields.Take(field, reader.GetString()!);
            }
            else if (name != "AccessDeniedDetail")
            {
                reader.Skip();
            }
        }

        return fields.ToBody();
    }

    private static EcsBody? ParseXml(ReadOnlyMemory<byte> text)
    {
        using var reader = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(text.Span)), SafeXml);
        var fields = new Fields();
        reader.MoveToContent();
        if (!reader.Name.Equals("Error", StringComparison.OrdinalIgnoreCase) && !reader.Name.EndsWith("Response", StringComparison.Ordinal))
        {
            return null;
        }

        reader.Read();
        while (!reader.EOF)
        {
            if (reader.NodeType == XmlNodeType.Element && Fields.IndexOf(reader.Name) is >= 0 and var field)
            {
                fields.Take(field, reader.ReadElementContentAsString());
            }
            else
            {
                reader.Read();
            }
        }

        return fields.ToBody();
    }

    /// <summary>The first of a name wins, wherever it stands.</summary>
    private sealed class Fields
    {
        private static readonly string[] Names =
            ["RequestId", "Code", "Message", "AuthAction", "AuthPrincipalType", "AuthPrincipalDisplayName", "NoPermissionType"];

        private readonly string?[] _values = new string?[Names.Length];

        public static int IndexOf(string name) => Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

        public void Take(int field, string value) => _values[field] ??= value.Length > 0 ? value : null;

        public EcsBody ToBody() => new(
            Redaction.OneLine(_values[0], LongestId),
            Redaction.OneLine(_values[1], LongestCode),
            _values[2],
            _values[3] is { } action ? $"{_values[4]} {_values[5]} lacks {action} ({_values[6]})" : null);
    }
}
