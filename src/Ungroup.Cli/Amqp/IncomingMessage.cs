using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Cli.Amqp;

/// <summary>Reads a broker's message as a <see cref="Delivery"/>, whatever types its sender chose.</summary>
internal static class IncomingMessage
{
    public static Delivery ToDelivery(Message message, DateTimeOffset now) => PostponedCopy.Restore(new Delivery
    {
        MessageId = IdOf(message),
        Body = BodyOf(message),
        ContentType = message.Properties?.ContentType?.ToString(),
        DeliveryCount = 1 + (int)Math.Min(int.MaxValue - 1, message.Header?.DeliveryCount ?? 0),
        EnqueuedAt = Annotation(message, "x-opt-enqueued-time") is DateTime enqueued ? Instant(enqueued) : now,
        LockedUntil = LockedUntil(message),
        Properties = PropertiesOf(message),
    });

    /// <summary>When the broker takes the message back; null where it has no locks.</summary>
    public static DateTimeOffset? LockedUntil(Message message) =>
        Annotation(message, "x-opt-locked-until") is DateTime until ? Instant(until) : null;

    public static long SequenceOf(Message message) => Annotation(message, "x-opt-sequence-number") as long? ?? 0;

    /// <summary>The lock token is the delivery tag, a GUID in .NET's byte order.</summary>
    public static Guid? LockToken(Message message) => message.DeliveryTag is { Length: 16 } tag ? new Guid(tag) : null;

    public static string IdOf(Message message) => message.Properties?.GetMessageId() switch
    {
        string { Length: > 0 } text => text,
        Guid id => id.ToString("D"),
        ulong number => number.ToString(CultureInfo.InvariantCulture),
        byte[] { Length: > 0 } bytes => Convert.ToHexStringLower(bytes),

        // The same message has to get the same id at every delivery: it may become the request's key.
        _ => Annotation(message, "x-opt-sequence-number") is long sequence
            ? $"seq-{sequence}"
            : $"body-{Convert.ToHexStringLower(SHA256.HashData(BodyOf(message).Span))[..32]}",
    };

    // Anything else than bytes and text is no request; the reader says so of an empty body.
    private static ReadOnlyMemory<byte> BodyOf(Message message) => message.Body switch
    {
        byte[] bytes => bytes,
        string text => Encoding.UTF8.GetBytes(text),
        Data[] sections => sections.SelectMany(section => section.Binary).ToArray(),
        _ => ReadOnlyMemory<byte>.Empty,
    };

    private static Dictionary<string, object?> PropertiesOf(Message message)
    {
        var properties = new Dictionary<string, object?>();
        foreach (var (key, value) in message.ApplicationProperties?.Map ?? [])
        {
            properties[key.ToString() ?? ""] = value;
        }

        return properties;
    }

    private static object? Annotation(Message message, string name) => message.MessageAnnotations?.Map[new Symbol(name)];

    private static DateTimeOffset Instant(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
