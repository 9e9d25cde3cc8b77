using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Sandbox.Broker.Wire.Format;

/// <summary>One section of an encoded message: its descriptor code and where it lies.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Section(byte Code, int Start, int End)
{
    public const byte Header = 0x70;
    public const byte DeliveryAnnotations = 0x71;
    public const byte MessageAnnotations = 0x72;
    public const byte Properties = 0x73;
    public const byte ApplicationProperties = 0x74;
    public const byte Data = 0x75;

    private const byte Footer = 0x78;
    private const byte Described = 0x00;
    private const byte SmallULong = 0x53;
    private const byte ULong = 0x80;

    /// <summary>The sections in order, found by their sizes alone; throws <see cref="FormatException"/> where they are none.</summary>
    public static List<Section> Split(ReadOnlySpan<byte> message)
    {
        var sections = new List<Section>();
        for (var at = 0; at < message.Length;)
        {
            var start = at;
            var code = ReadDescriptor(message, ref at);
            at = EndOfValue(message, at);
            sections.Add(new(code, start, at));
        }

        return sections;
    }

    public T Decode<T>(byte[] message) where T : class =>
        Encoder.ReadObject(new ByteBuffer(message, Start, End - Start, End - Start)) as T
        ?? throw new FormatException($"Section 0x{Code:x2} is not {typeof(T).Name}.");

    private static byte ReadDescriptor(ReadOnlySpan<byte> message, ref int at)
    {
        var rest = message[at..];
        if (rest is [Described, SmallULong, >= Header and <= Footer and var small, ..])
        {
            at += 3;
            return small;
        }

        if (rest is [Described, ULong, 0, 0, 0, 0, 0, 0, 0, >= Header and <= Footer and var large, ..])
        {
            at += 10;
            return large;
        }

        throw new FormatException($"There is no message section at byte {at}.");
    }

    /// <summary>The high digit of an AMQP constructor says how wide its value is.</summary>
    private static int EndOfValue(ReadOnlySpan<byte> message, int at)
    {
        if (at >= message.Length)
        {
            throw new FormatException("The message ends within a section.");
        }

        var body = message[(at + 1)..];
        long end = at + 1 + (message[at] >> 4) switch
        {
            0x4 => 0,
            0x5 => 1,
            0x6 => 2,
            0x7 => 4,
            0x8 => 8,
            0x9 => 16,
            0xA or 0xC or 0xE when body.Length > 0 => 1 + body[0],
            0xB or 0xD or 0xF when body.Length > 3 => 4L + BinaryPrimitives.ReadUInt32BigEndian(body),
            _ => long.MaxValue / 2,
        };
        return end <= message.Length ? (int)end : throw new FormatException($"The value at byte {at} is longer than the message.");
    }
}

/// <summary>Stored payloads: annotations, properties, application properties, body and footer, as the sender encoded them.</summary>
internal static class Payload
{
    public static byte[] WithApplicationProperties(byte[] payload, IEnumerable<KeyValuePair<object, object>> changes)
    {
        var sections = Section.Split(payload);
        var old = sections.Find(s => s.Code == Section.ApplicationProperties);
        var properties = old.Code == 0 ? new ApplicationProperties() : old.Decode<ApplicationProperties>(payload);
        foreach (var change in changes)
        {
            properties.Map[change.Key.ToString()!] = change.Value;
        }

        var (from, to) = old.Code == 0 ? (After(sections), After(sections)) : (old.Start, old.End);
        var encoded = new ByteBuffer(128, autoGrow: true);
        properties.Encode(encoded);
        return [.. payload.AsSpan(0, from), .. encoded.Buffer.AsSpan(encoded.Offset, encoded.Length), .. payload.AsSpan(to)];

        static int After(List<Section> sections) => sections.FindLast(s => s.Code <= Section.Properties).End;
    }
}
