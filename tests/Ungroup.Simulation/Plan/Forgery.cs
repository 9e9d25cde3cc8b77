using Ungroup.Messages;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Plan;

/// <summary>Anybody may write this on a message: nothing of it may change what becomes of its request, or of others.</summary>
internal static class Forgery
{
    private static readonly Settlement.Postpone Sometime = new(Schedule.Start, "");

    /// <summary>The same message with properties that say what they have no right to say.</summary>
    public static Letter Of(Letter letter, Chance chance) => new(
        letter.MessageId,
        letter.Body,
        new Dictionary<string, object?>
        {
            ["ungroup-first-enqueued"] = chance.Pick("2020-01-01T00:00:00.0000000Z", "2999-01-01T00:00:00.0000000Z"),
            ["ungroup-message-id"] = chance.Pick("m-1", letter.MessageId, new string('x', 3_000)),
            ["ungroup-postponements"] = chance.Pick<object>(1, 400, int.MaxValue, "many"),
        });

    /// <summary>A copy of the message, of the version before, that was dead-lettered and is sent again from an explorer.</summary>
    public static Letter SentAgain(Letter letter, Chance chance)
    {
        var copy = PostponedCopy.Of(
            new() { MessageId = letter.MessageId, Body = letter.Body, EnqueuedAt = Schedule.Start, Postponements = chance.Between(0, 9) }, Sometime);
        return new(
            copy.MessageId,
            letter.Body,
            new Dictionary<string, object?>(copy.Properties)
            {
                ["ungroup-first-enqueued"] = "2020-01-01T00:00:00.0000000Z",
                ["DeadLetterReason"] = "MaxDeliveryCountExceeded",
            },
            isCopyOf: letter.MessageId);
    }
}
