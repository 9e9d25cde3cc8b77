using System.Text;
using System.Text.Json;
using System.Xml;

namespace Ungroup.Ecs;

/// <summary>
/// The envelope of a reply, JSON or XML, told apart by the first non-blank byte: the content type of errors is not reliable.
/// Some gateways write their keys in lower case, so case does not count.
/// </summary>
/// <param name="RequestId">ECS's id of the call.</param>
/// <param name="Code">ECS's code of an error.</param>
/// <param name="Message">ECS's words.</param>
/// <param name="Denied">Who lacks which permission, where ECS says so.</param>
internal sealed record EcsBody(string? RequestId, string? Code, string? Message, string? Denied)
{
    private static readonly XmlReaderSettings SafeXml = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    /// <summary>Null when the body is neither: empty, HTML, cut off.</summary>
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
            // A proxy's page, a reply that was cut off, bytes that are no text: the caller keeps the status.
            return null;
        }
    }

    private static EcsBody ParseJson(ReadOnlyMemory<byte> text)
    {
        var reader = new Utf8JsonReader(text.Span);
        var fields = new Fields();
        while (reader.Read())
        {
            // Whatever is not a field of ours is skipped, and yet read to its end: a reply that was cut off has no code.
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var field = Fields.IndexOf(reader.GetString()!);
            var opens = reader.ValueTextEquals("AccessDeniedDetail"u8);
            reader.Read();
            if (field >= 0 && reader.TokenType == JsonTokenType.String)
            {
                fields.Take(field, reader.GetString()!);
            }
            else if (!opens)
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

    /// <summary>The fields we read, wherever they stand; the first of a name wins.</summary>
    private sealed class Fields
    {
        private static readonly string[] Names =
            ["RequestId", "Code", "Message", "AuthAction", "AuthPrincipalType", "AuthPrincipalDisplayName", "NoPermissionType"];

        private readonly string?[] _values = new string?[Names.Length];

        public static int IndexOf(string name) => Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

        public void Take(int field, string value) => _values[field] ??= value.Length > 0 ? value : null;

        public EcsBody ToBody() => _values is [var requestId, var code, var message, var action, var type, var principal, var kind]
            ? new(requestId, code, message, action is null ? null : $"{type} {principal} lacks {action} ({kind})")
            : throw new System.Diagnostics.UnreachableException();
    }
}
