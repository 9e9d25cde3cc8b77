using System.Diagnostics.CodeAnalysis;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Wire.Format;

/// <summary>From a transfer to what a queue keeps. Header and delivery annotations are for one hop and end here.</summary>
internal static class MessageReader
{
    /// <summary>The format of a batch: each data section is a message of its own.</summary>
    private const uint BatchFormat = 0x80013700;

    public static bool TryRead(
        byte[] encoded, uint format, [NotNullWhen(true)] out IReadOnlyList<NewMessage>? messages, [NotNullWhen(false)] out string? problem)
    {
        (messages, problem) = (null, null);
        try
        {
            messages = format == BatchFormat ? ReadBatch(encoded) : [Read(encoded)];
            problem = messages.All(message => message.Why is not null) ? messages.Select(message => message.Why?.Description).FirstOrDefault() : null;
            return problem is null; // a batch of which nothing can be read is refused
        }
        catch (Exception malformed) // the decoder throws whatever it trips over; the bytes are to blame, and so the sender
        {
            problem = Problem(malformed);
            return false;
        }
    }

    public static NewMessage Read(byte[] encoded)
    {
        var sections = Section.Split(encoded);
        var header = Find<Header>(sections, Section.Header, encoded);
        var annotations = Find<MessageAnnotations>(sections, Section.MessageAnnotations, encoded);
        var properties = Find<Properties>(sections, Section.Properties, encoded);
        CheckEncodable(annotations, Find<ApplicationProperties>(sections, Section.ApplicationProperties, encoded));
        return new(Assemble(encoded, sections, properties), TimeToLive(header), ScheduledFor(annotations)) { Id = Id(properties) };
    }

    /// <summary>
    /// There is one answer to a whole batch. A message in it that cannot be read is therefore taken, for the sake of the others,
    /// and kept among the dead letters, its bytes as they came.
    /// </summary>
    private static List<NewMessage> ReadBatch(byte[] encoded) =>
        [.. Section.Split(encoded).Where(s => s.Code == Section.Data).Select(s => ReadOrKeep(s.Decode<Data>(encoded).Binary))];

    private static NewMessage ReadOrKeep(byte[] encoded)
    {
        try
        {
            return Read(encoded);
        }
        catch (Exception malformed) // as above
        {
            var body = Bytes(new Data { Binary = encoded });
            return new([.. WithMessageId(new()), .. body]) { Why = new("MessageCannotBeDecoded", Problem(malformed)) };
        }
    }

    private static string Problem(Exception malformed) => $"The message cannot be decoded: {malformed.Message}";

    /// <summary>A later edit, or the delivery, must not be the first to find out.</summary>
    private static void CheckEncodable(params ReadOnlySpan<RestrictedDescribed?> sections)
    {
        foreach (var section in sections)
        {
            if (section is not null)
            {
                Bytes(section);
            }
        }
    }

    private static T? Find<T>(List<Section> sections, byte code, byte[] encoded) where T : class =>
        sections.Find(s => s.Code == code) is { Code: not 0 } section ? section.Decode<T>(encoded) : null;

    private static byte[] Assemble(byte[] encoded, List<Section> sections, Properties? properties)
    {
        var annotations = Bytes(s => s.Code == Section.MessageAnnotations);
        var rest = Bytes(s => s.Code > Section.Properties);
        return properties?.GetMessageId() is not null
            ? [.. annotations, .. Bytes(s => s.Code == Section.Properties), .. rest]
            : [.. annotations, .. WithMessageId(properties ?? new()), .. rest];

        byte[] Bytes(Predicate<Section> wanted) => [.. sections.FindAll(wanted).SelectMany(s => encoded[s.Start..s.End])];
    }

    private static string? Id(Properties? properties) => properties?.GetMessageId() switch
    {
        null => null,
        byte[] bytes => Convert.ToHexString(bytes),
        var id => $"{id}",
    };

    /// <summary>The JavaScript SDK cannot settle a message without an id, and Service Bus gives one to whoever has none.</summary>
    private static byte[] WithMessageId(Properties properties)
    {
        properties.MessageId = Guid.NewGuid().ToString("N");
        return Bytes(properties);
    }

    private static byte[] Bytes(RestrictedDescribed section)
    {
        var buffer = new ByteBuffer(64, autoGrow: true);
        section.Encode(buffer);
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }

    /// <summary>The largest value is how the SDKs write "no limit".</summary>
    private static TimeSpan? TimeToLive(Header? header) =>
        header is { Ttl: > 0 and < uint.MaxValue } ? TimeSpan.FromMilliseconds(header.Ttl) : null;

    private static DateTimeOffset? ScheduledFor(MessageAnnotations? annotations) =>
        annotations?[Annotation.ScheduledEnqueueTime] is DateTime due ? new(due.ToUniversalTime()) : null;
}
