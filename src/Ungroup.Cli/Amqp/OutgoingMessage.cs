using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Ungroup.Outcomes;

namespace Ungroup.Cli.Amqp;

/// <summary>The messages this program sends: requests, postponed copies of them, and outcome events.</summary>
internal static class OutgoingMessage
{
    public static Message Request(string messageId, ReadOnlyMemory<byte> body) => new()
    {
        Header = new Header { Durable = true },
        Properties = new Properties { MessageId = messageId, ContentType = "application/json" },
        BodySection = new Data { Binary = body.ToArray() },
    };

    public static Message Outcome(OutcomeEvent outcome) => new()
    {
        Header = new Header { Durable = true },
        Properties = new Properties { MessageId = outcome.Id, ContentType = OutcomeEvent.ContentType, Subject = outcome.Subject },
        ApplicationProperties = Filterable(outcome),
        BodySection = new Data { Binary = outcome.Json.ToArray() },
    };

    /// <summary>The same message again, for later: same body, same properties, and the ones that let the next delivery know.</summary>
    public static Message Copy(Message original, PostponedCopy copy)
    {
        var properties = new ApplicationProperties();
        foreach (var (key, value) in copy.Properties)
        {
            properties[key] = value;
        }

        var annotations = new MessageAnnotations();
        annotations[new Symbol("x-opt-scheduled-enqueue-time")] = copy.ScheduledFor.UtcDateTime;
        return new()
        {
            Header = new Header { Durable = true },
            MessageAnnotations = annotations,
            Properties = new Properties
            {
                MessageId = copy.MessageId,
                ContentType = original.Properties?.ContentType,
                Subject = original.Properties?.Subject,
            },
            ApplicationProperties = properties,
            BodySection = original.BodySection,
        };
    }

    // Subscribers filter on application properties; they cannot look into a body.
    private static ApplicationProperties Filterable(OutcomeEvent outcome)
    {
        var properties = new ApplicationProperties();
        foreach (var (name, value) in outcome.FilterProperties())
        {
            properties[name] = value;
        }

        return properties;
    }
}
