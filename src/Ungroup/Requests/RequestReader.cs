using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Messages;

namespace Ungroup.Requests;

/// <summary>
/// Turns a message into a request, or says everything that is wrong with it. Never throws for what a sender wrote.
/// Unknown members are refused: a typo in <c>dryRun</c> must not remove anything.
/// </summary>
internal sealed class RequestReader(KnownAccounts accounts)
{
    /// <summary>The longest body read, in bytes.</summary>
    public const int LongestBody = 64 * 1024;

    /// <param name="delivery">The message.</param>
    /// <param name="door">The way it came in by; a door of HTTP takes only the actions that its key is good for.</param>
    public ParsedRequest Read(Delivery delivery, RequestDoor door = RequestDoor.Queue)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        var problems = new List<RequestProblem>();
        if (delivery.BodyProblem is { } kind)
        {
            problems.Add(new("body", kind));
            return new ParsedRequest.Invalid(null, KnownAccounts.DefaultName, null, problems);
        }

        if (delivery.Body.Length > LongestBody)
        {
            problems.Add(new("body", $"The body had {delivery.Body.Length:N0} bytes; expected at most {LongestBody:N0}."));
            return new ParsedRequest.Invalid(null, KnownAccounts.DefaultName, null, problems);
        }

        using var document = JsonMembers.Parse(delivery.Body, problems);
        if (document is null)
        {
            return new ParsedRequest.Invalid(null, KnownAccounts.DefaultName, null, problems);
        }

        JsonDocument? inner = null;
        try
        {
            var members = JsonMembers.Of(document.RootElement, "body", problems);
            CloudEventEnvelope.CheckBinary(delivery, problems);
            if (problems.Count == 0 && CloudEventEnvelope.IsStructured(delivery, members))
            {
                members = CloudEventEnvelope.Open(members, problems, out inner);
            }

            MisplacedMembers.Check(delivery.Properties, members, door, problems);

            return new RequestMembers(members, accounts, problems).Read(door, delivery.MessageId, delivery.EnqueuedAt);
        }
        finally
        {
            inner?.Dispose();
        }
    }
}

/// <summary>The way a request came in by.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestDoor>))]
public enum RequestDoor
{
    /// <summary>A message of somebody who may send to a queue. Takes every action.</summary>
    [JsonStringEnumMemberName("queue")]
    Queue,

    /// <summary><c>POST /api/removals</c>: remove and contain.</summary>
    [JsonStringEnumMemberName("removals")]
    Removals,

    /// <summary><c>POST /api/restores</c>: restore alone, which need not be said.</summary>
    [JsonStringEnumMemberName("restores")]
    Restores,
}
