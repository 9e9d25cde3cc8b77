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

    /// <summary>The member that makes a body a job.</summary>
    public const string JobId = "jobId";

    /// <param name="delivery">The message.</param>
    /// <param name="door">The way it came in by; a door of HTTP takes only the actions that its key is good for.</param>
    public ParsedRequest Read(Delivery delivery, RequestDoor door = RequestDoor.Queue)
    {
        var problems = new List<RequestProblem>();
        return Open(delivery, door, LongestBody, problems, Read) ?? new ParsedRequest.Invalid(null, KnownAccounts.DefaultName, null, problems);

        ParsedRequest Read(Dictionary<string, JsonElement> members) =>
            !members.ContainsKey(JobId) ? new RequestMembers(members, accounts, problems).Read(door, delivery.MessageId, delivery.EnqueuedAt)
            : door == RequestDoor.Queue ? new ParsedRequest.Job()
            : new ParsedRequest.Invalid(
                null, KnownAccounts.DefaultName, null, [new(JobId, "`jobId` is the name of a job, which comes in by POST /api/jobs; expected one request here, or an array of them.")]);
    }

    /// <summary>Reads the members of a body, with or without an envelope around it; null where there are none, and the problems say why.</summary>
    public static T? Open<T>(
        Delivery delivery, RequestDoor door, int longest, List<RequestProblem> problems, Func<Dictionary<string, JsonElement>, T> readMembers)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(delivery);
        if (delivery.BodyProblem is { } kind)
        {
            problems.Add(new("body", kind));
            return null;
        }

        if (delivery.Body.Length > longest)
        {
            problems.Add(new("body", $"The body had {delivery.Body.Length:N0} bytes; expected at most {longest:N0}."));
            return null;
        }

        using var document = JsonMembers.Parse(delivery.Body, problems);
        if (document is null)
        {
            return null;
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

            return readMembers(members);
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

    /// <summary>A job whose plan was approved, and which issued it as one of its own. Only its driver writes this down.</summary>
    [JsonStringEnumMemberName("approvedJob")]
    ApprovedJob,

    /// <summary>A job that needed no approval, and which issued it as one of its own. Only its driver writes this down.</summary>
    [JsonStringEnumMemberName("job")]
    Job,

    /// <summary>A job that restores, which came by the door of restores, and which issued it as one of its own. Only its driver writes this down.</summary>
    [JsonStringEnumMemberName("restoreJob")]
    RestoreJob,
}
