using System.Text;
using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

/// <summary>
/// The one rule for AMQP bodies: bytes and text are read, in data sections or as a value. Any other body is refused by its kind, and its
/// bytes are shown to the person who looks for its sender.
/// </summary>
internal readonly record struct MessageBody(ReadOnlyMemory<byte> Bytes, string? Problem)
{
    private const string Expected = "expected the request as JSON: bytes in a data section, or an AMQP value of type string or binary.";

    public static MessageBody Of(ServiceBusReceivedMessage message)
    {
        var body = message.GetRawAmqpMessage().Body;
        return body.TryGetData(out var sections) ? OfData([.. sections!])
            : body.TryGetValue(out var value) ? OfValue(value)
            : body.TryGetSequence(out var sequence) ? Refused("an AMQP sequence", sequence)
            : Refused($"an AMQP {body.BodyType}", null);
    }

    private static MessageBody OfData(ReadOnlyMemory<byte>[] sections)
    {
        var bytes = sections is [var only] ? only : sections.SelectMany(section => section.ToArray()).ToArray();
        if (bytes.IsEmpty)
        {
            // The client makes the same of no body, of a null value and of no bytes.
            return new(default, $"The body was empty, or an AMQP value of null; {Expected}");
        }

        return SerializerPrefix.Find(bytes.Span) is { } prefix
            ? new(bytes[prefix.Length..], $"The body was a {prefix.Type} behind the prefix of .NET's DataContractSerializer, which old Service Bus clients write; {Expected}")
            : new(bytes, null);
    }

    private static MessageBody OfValue(object? value) => value switch
    {
        string text => new(Encoding.UTF8.GetBytes(text), null),
        byte[] bytes => new(bytes, null),
        ArraySegment<byte> bytes => new(bytes, null),
        ReadOnlyMemory<byte> bytes => new(bytes, null),
        BinaryData bytes => new(bytes.ToMemory(), null),
        _ => Refused($"an AMQP value of type {AmqpText.KindOf(value)}", value),
    };

    private static MessageBody Refused(string what, object? value) => new(AmqpText.Of(value), $"The body was {what}; {Expected}");

    /// <summary>XmlBinaryWriter's header before a string or an array of bytes.</summary>
    private readonly record struct SerializerPrefix(string Type, int Length)
    {
        private const byte Element = 0x40;

        private static ReadOnlySpan<byte> Namespace => "http://schemas.microsoft.com/2003/10/Serialization/"u8;

        public static SerializerPrefix? Find(ReadOnlySpan<byte> body)
        {
            if (body is not [Element, var length, ..] || body.Length < length + 2 || body[(length + 2)..].IndexOf(Namespace) is not 2)
            {
                return null;
            }

            var content = body[(length + 4 + Namespace.Length)..];
            return new(Encoding.ASCII.GetString(body.Slice(2, length)), body.Length - content.Length + Math.Min(LengthOfHeader(content), content.Length));
        }

        // [MC-NBFX]: Chars8, Chars16 and Chars32 text, and the same of bytes, each with the end of the element.
        private static int LengthOfHeader(ReadOnlySpan<byte> content) => content.IsEmpty ? 0 : content[0] switch
        {
            0x98 or 0x99 or 0x9E or 0x9F => 2,
            0x9A or 0x9B or 0xA0 or 0xA1 => 3,
            0x9C or 0x9D or 0xA2 or 0xA3 => 5,
            _ => 0,
        };
    }
}
