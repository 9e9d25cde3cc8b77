using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Messages;

/// <summary>
/// The copy a host schedules for a <see cref="Settlement.Postpone"/> before it completes the original. Its message id is made of the
/// first message's id and the number of the postponement, so that a host that crashes in between schedules the same copy again. The
/// properties only say of which two, because any sender can write any property: docs/decisions/0016-believe-no-property.md.
/// </summary>
/// <param name="MessageId">The original id with the number of the postponement.</param>
/// <param name="ScheduledFor">When it should arrive.</param>
/// <param name="Properties">The application properties of the original, and what its id is made of.</param>
internal sealed record PostponedCopy(string MessageId, DateTimeOffset ScheduledFor, IReadOnlyDictionary<string, object?> Properties)
{
    // Written by earlier versions, believed by them alone.
    internal const string FirstEnqueued = "ungroup-first-enqueued";

    private const string OriginalId = "ungroup-message-id";
    private const string Count = "ungroup-postponements";

    private const int MostPostponements = 1_000_000;

    public static PostponedCopy Of(Delivery delivery, Settlement.Postpone postpone)
    {
        var number = delivery.Postponements + 1;
        var properties = new Dictionary<string, object?>(delivery.Properties) { [OriginalId] = delivery.MessageId, [Count] = number };
        properties.Remove(FirstEnqueued);
        return new(IdOf(delivery.MessageId, number), postpone.Until, properties);
    }

    /// <summary>Turns the delivery of a copy into one of the original message; leaves any other delivery as it is.</summary>
    public static Delivery Restore(Delivery delivery)
    {
        var id = MessageIds.Fitting(delivery.MessageId);
        return IsCopy(id, delivery.Properties, out var original, out var number)
            ? delivery with { MessageId = original, Postponements = number }
            : delivery with { MessageId = id };
    }

    private static bool IsCopy(string id, IReadOnlyDictionary<string, object?> properties, out string original, out int number)
    {
        original = properties.GetValueOrDefault(OriginalId) as string ?? "";

        // A tool that sent a dead letter again may have changed the number's type.
        var count = Convert.ToString(properties.GetValueOrDefault(Count), CultureInfo.InvariantCulture);
        return int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number is > 0 and <= MostPostponements
            && original.Length is > 0 and <= MessageIds.Longest
            && IdOf(original, number) == id;
    }

    internal static string IdOf(string original, int number)
    {
        var id = $"{original}~{number.ToString(CultureInfo.InvariantCulture)}";
        return id.Length <= MessageIds.Longest ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }
}
