using System.Text.Json;
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

    public ParsedRequest Read(Delivery delivery)
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

            MisplacedMembers.Check(delivery.Properties, members, problems);

            return new RequestMembers(members, accounts, problems).Read(delivery.MessageId, delivery.EnqueuedAt);
        }
        finally
        {
            inner?.Dispose();
        }
    }
}
