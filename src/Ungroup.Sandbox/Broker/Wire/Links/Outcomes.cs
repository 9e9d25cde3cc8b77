using Amqp.Framing;
using Amqp.Types;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire.Format;

namespace Ungroup.Sandbox.Broker.Wire.Links;

/// <summary>AMQP outcomes as settlements, and back.</summary>
internal static class Outcomes
{
    public static Settlement? Read(DeliveryState? state) => state switch
    {
        Accepted => new Settlement.Complete(),
        Released => new Settlement.Return(), // nobody was given it; https://github.com/Azure/amqpnetlite/issues/342
        Modified { UndeliverableHere: true } deferred => new Settlement.Defer(Edit(deferred.MessageAnnotations)),
        Modified abandoned => new Settlement.Abandon(Edit(abandoned.MessageAnnotations)),
        Rejected rejected => DeadLetter(rejected.Error),
        _ => null,
    };

    /// <summary>A rejection is confirmed without its error: SDKs read an error in the answer as a failure.</summary>
    public static DeliveryState Confirm(DeliveryState state) => state is Rejected ? new Rejected() : state;

    /// <summary>The reason and description are kept apart from the properties, for a message can have them without a payload edit.</summary>
    public static Settlement.DeadLetter DeadLetter(string? reason, string? description, Map? properties) =>
        new(reason is null && description is null ? null : new DeadLetterReason(reason, description), Edit(properties));

    public static PayloadEdit? Edit(Map? properties)
    {
        // Entries, not lookups: the JavaScript SDK sends string keys where the library expects symbols and finds nothing.
        var changes = properties?.Where(e => e.Key.ToString() is not (MessageEncoder.DeadLetterReason or MessageEncoder.DeadLetterDescription))
            .ToList();
        return changes is { Count: > 0 } ? payload => Payload.WithApplicationProperties(payload, changes) : null;
    }

    private static Settlement.DeadLetter DeadLetter(Error? error)
    {
        var info = error?.Info;
        var reason = Text(info, MessageEncoder.DeadLetterReason);
        var description = Text(info, MessageEncoder.DeadLetterDescription);
        return error is not null && !Conditions.DeadLetter.Equals(error.Condition)
            ? DeadLetter(reason ?? error.Condition, description ?? error.Description, info)
            : DeadLetter(reason, description, info);
    }

    private static string? Text(Map? info, string name) =>
        info?.FirstOrDefault(e => e.Key.ToString() == name).Value?.ToString();
}
