using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup;

/// <summary>
/// The copy a host schedules for a <see cref="Settlement.Postpone"/> before it completes the original. Its message id is
/// deterministic, so that a host that crashes in between schedules the same copy again; the ledger absorbs the twin.
/// </summary>
/// <param name="MessageId">The original id with the number of the postponement.</param>
/// <param name="ScheduledFor">When it should arrive.</param>
/// <param name="Properties">The application properties of the original, and what the next delivery needs to know.</param>
public sealed record PostponedCopy(string MessageId, DateTimeOffset ScheduledFor, IReadOnlyDictionary<string, object?> Properties)
{
    internal const string FirstEnqueued = "ungroup-first-enqueued";

    // Service Bus takes no longer message id.
    private const int LongestMessageId = 128;

    private const string OriginalId = "ungroup-message-id";
    private const string Count = "ungroup-postponements";

    public static PostponedCopy Of(Delivery delivery, Settlement.Postpone postpone)
    {
        var number = delivery.Postponements + 1;
        return new(
            IdOf(delivery.MessageId, number),
            postpone.Until,
            new Dictionary<string, object?>(delivery.Properties)
            {
                [OriginalId] = delivery.MessageId,
                [FirstEnqueued] = delivery.EnqueuedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                [Count] = number,
            });
    }

    /// <summary>The id of the copy that waits after so many postponements.</summary>
    internal static string IdOf(string original, int number)
    {
        var id = $"{original}~{number.ToString(CultureInfo.InvariantCulture)}";
        return id.Length <= LongestMessageId ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    /// <summary>Undoes <see cref="Of"/>: the delivery of a copy names the original message, and when that one came.</summary>
    public static Delivery Restore(Delivery delivery)
    {
        var properties = delivery.Properties;
        return delivery with
        {
            MessageId = properties.TryGetValue(OriginalId, out var id) && id is string original ? original : delivery.MessageId,
            EnqueuedAt = properties.TryGetValue(FirstEnqueued, out var first) && first is string text
                && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var enqueued)
                && enqueued < delivery.EnqueuedAt
                ? enqueued
                : delivery.EnqueuedAt,
            CopyEnqueuedAt = delivery.CopyEnqueuedAt ?? (properties.GetValueOrDefault(Count) is int ? delivery.EnqueuedAt : null),
            Postponements = properties.TryGetValue(Count, out var count) && count is int number ? number : delivery.Postponements,
        };
    }
}
