using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ungroup.ServiceBus;

/// <summary>The beginning of an AMQP value as JSON, for a person, however large and deep it is.</summary>
internal static class AmqpText
{
    private const int Enough = 4096;
    private const int DeepestNesting = 8;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Of(object? value)
    {
        if (value is null)
        {
            return default;
        }

        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text, Readable))
        {
            Write(writer, value, DeepestNesting);
        }

        return text.ToArray();
    }

    public static string KindOf(object? value) => value switch
    {
        null => "null",
        IDictionary => "map",
        Array or IList => "list",
        bool => "boolean",
        float or double or decimal => "floating-point number",
        sbyte or byte or short or ushort or int or uint or long or ulong => "integer",
        Guid => "uuid",
        DateTime or DateTimeOffset => "timestamp",
        char => "char",
        _ => value.GetType().Name,
    };

    private static void Write(Utf8JsonWriter writer, object? value, int levels)
    {
        switch (value)
        {
            case IDictionary or IEnumerable and not (string or byte[]) when levels == 0:
                writer.WriteStringValue("…");
                break;
            case IDictionary map:
                writer.WriteStartObject();
                foreach (var key in map.Keys.Cast<object>().TakeWhile(_ => IsShort(writer)))
                {
                    writer.WritePropertyName(Utf8(key));
                    Write(writer, map[key], levels - 1);
                }

                writer.WriteEndObject();
                break;
            case string or byte[] or not IEnumerable:
                writer.WriteStringValue(Utf8(value));
                break;
            case IEnumerable list:
                writer.WriteStartArray();
                foreach (var item in list.Cast<object?>().TakeWhile(_ => IsShort(writer)))
                {
                    Write(writer, item, levels - 1);
                }

                writer.WriteEndArray();
                break;
        }
    }

    private static bool IsShort(Utf8JsonWriter writer) => writer.BytesCommitted + writer.BytesPending < Enough;

    // Not as a string: the writer takes none with half a surrogate pair.
    private static byte[] Utf8(object? value) => Encoding.UTF8.GetBytes(Text(value));

    private static string Text(object? value)
    {
        var text = value switch
        {
            null => "null",
            byte[] bytes => Convert.ToHexStringLower(bytes.AsSpan(0, Math.Min(bytes.Length, Enough / 2))),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.Length <= Enough ? text : text[..Enough];
    }
}
