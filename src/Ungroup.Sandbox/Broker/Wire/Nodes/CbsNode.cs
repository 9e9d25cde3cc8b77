using Amqp;
using Amqp.Framing;
using Ungroup.Sandbox.Broker.Wire.Links;

namespace Ungroup.Sandbox.Broker.Wire.Nodes;

/// <summary>
/// Claims-based security: a token put here opens the entity it names, for this connection.
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#claims-based-authorization
/// </summary>
internal sealed class CbsNode(SharedAccessKey key)
{
    private const string SasToken = "servicebus.windows.net:sastoken";

    public void Process(Request request) => request.Answer(Answer(request));

    private Message Answer(Request request)
    {
        var asked = request.Message.ApplicationProperties;
        if (request.Operation != "put-token" || asked["name"] is not string audience || request.Message.Body is not string token)
        {
            return Answer(400, "Expected put-token with a name and a token.");
        }

        if (asked["type"] as string != SasToken)
        {
            return Answer(401, $"This broker knows tokens of type {SasToken}, not {asked["type"]}.");
        }

        if (key.Verify(token, audience, out var problem) is not { } until)
        {
            return Answer(401, problem);
        }

        request.Peer.Grant(EntityAddress.PathOf(new Uri(audience)), until);
        return Answer(202, "Accepted");
    }

    private static Message Answer(int status, string description)
    {
        var answer = new Message { ApplicationProperties = new ApplicationProperties() };
        answer.ApplicationProperties["status-code"] = status;
        answer.ApplicationProperties["status-description"] = description;
        return answer;
    }
}
