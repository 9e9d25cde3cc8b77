using Amqp;
using Amqp.Framing;

namespace Ungroup.Cli.Amqp;

/// <summary>A dead letter as it goes back to its queue: the same id, body and properties, without what tells of its death.</summary>
internal static class ReplayedMessage
{
    // Names the run that sent the copy: what comes back with it was replayed in vain.
    private const string Run = "ungroup-replay";

    // A letter sent back begins anew: a deadline counted from its first life would be over before it is read.
    private static readonly string[] OfItsFirstLife = ["DeadLetterReason", "DeadLetterErrorDescription", PostponedCopy.FirstEnqueued, Run];

    public static Message Of(Message letter, string run)
    {
        var kept = new ApplicationProperties();
        foreach (var (name, value) in letter.ApplicationProperties?.Map ?? [])
        {
            if (!OfItsFirstLife.Contains(name as string))
            {
                kept.Map[name] = value;
            }
        }

        kept[Run] = run;
        return new()
        {
            Header = new Header { Durable = true },
            Properties = PropertiesOf(letter),
            ApplicationProperties = kept,
            BodySection = letter.BodySection,
        };
    }

    public static bool IsOf(Message letter, string run) => letter.ApplicationProperties?.Map[Run] as string == run;

    // Not all of them: the broker writes the end of a life there, too, and a copy that brings it along is dead again at once.
    private static Properties PropertiesOf(Message letter)
    {
        var copy = new Properties();
        if (letter.Properties is { } first)
        {
            (copy.ContentType, copy.Subject, copy.To, copy.ReplyTo) = (first.ContentType, first.Subject, first.To, first.ReplyTo);
            if (first.GetCorrelationId() is { } correlation)
            {
                copy.SetCorrelationId(correlation);
            }
        }

        // The id that a letter without one gets here may be the key of its request.
        copy.SetMessageId(letter.Properties?.GetMessageId() ?? IncomingMessage.IdOf(letter));
        return copy;
    }
}
