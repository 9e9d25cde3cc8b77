using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire.Format;
using Ungroup.Sandbox.Broker.Wire.Links;

namespace Ungroup.Sandbox.Broker.Wire.Nodes;

/// <summary>
/// The request-response operations of a queue or of its dead letters.
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
/// </summary>
internal sealed class ManagementNode(MessageQueue queue, SubQueueName place, BrokerOptions options)
{
    private const int ReceiveAndDelete = 0;

    public void Process(Request request)
    {
        try
        {
            Dispatch(request, new ManagementArguments(request.Message.Body as Map ?? []));
        }
        catch (Exception wrong) when (wrong is FormatException or InvalidCastException or OverflowException or AmqpException)
        {
            request.Answer(Answer(400, new Error(ErrorCode.InvalidField) { Description = wrong.Message }));
        }
    }

    private void Dispatch(Request request, ManagementArguments arguments)
    {
        switch (request.Operation)
        {
            case "com.microsoft:renew-lock":
                Renew(request, arguments.LockTokens);
                break;
            case "com.microsoft:peek-message":
                Peek(request, arguments.Number("from-sequence-number"), (int)arguments.Number("message-count"));
                break;
            case "com.microsoft:schedule-message":
                Schedule(request, arguments.Messages);
                break;
            case "com.microsoft:cancel-scheduled-message":
                Cancel(request, arguments.SequenceNumbers);
                break;
            case "com.microsoft:receive-by-sequence-number":
                Receive(request, arguments.SequenceNumbers, remove: arguments.Number("receiver-settle-mode") == ReceiveAndDelete);
                break;
            case "com.microsoft:update-disposition":
                Settle(request, arguments.LockTokens, arguments.Settlement);
                break;
            default:
                request.Answer(Answer(501, Conditions.NotImplemented($"This broker does not know the operation '{request.Operation}'.")));
                break;
        }
    }

    private void Renew(Request request, Guid[] tokens) => Ask(
        request,
        (state, now) => state.Renew(place, tokens, now),
        until => until is null
            ? Answer(410, Conditions.LockIsLost)
            : Answer("expirations", until.Select(u => u.UtcDateTime).ToArray()));

    private void Peek(Request request, long from, int count) => Ask(
        request,
        (state, _) => state.Peek(place, from, count, options.MaxMessageSize),
        found => found.Count == 0
            ? Answer(204)
            : Answer("messages", Items(found.Select(m => new Map { ["message"] = Encode(m, held: null) }))));

    private void Schedule(Request request, List<NewMessage> messages)
    {
        SendEndpoint.Tell(options, queue, messages);
        Ask(request, (state, now) => state.Enqueue(messages, now), sequences => Answer("sequence-numbers", sequences.ToArray()));
    }

    private void Cancel(Request request, long[] sequences) => Ask(
        request,
        (state, _) => state.Cancel(sequences),
        done => done ? Answer(200) : Answer(404, Conditions.NoSuchMessage));

    private void Receive(Request request, long[] sequences, bool remove) => Ask(
        request,
        (state, now) => state.TakeDeferred(place, sequences, remove, now),
        taken => taken is null
            ? Answer(404, Conditions.NoSuchMessage)
            : Answer("messages", Items(taken.Select(Render))));

    private void Settle(Request request, Guid[] tokens, Settlement settlement) => Ask(
        request,
        (state, _) => state.Settle(place, tokens, settlement),
        done => done ? Answer(200) : Answer(410, Conditions.LockIsLost));

    private void Ask<T>(Request request, Func<QueueState, DateTimeOffset, T> work, Func<T, Message> answer) => queue.Ask(
        work,
        result => request.Answer(answer(result)),
        impossible => request.Answer(Answer(400, Conditions.Impossible(impossible))));

    private Map Render(Delivery delivery)
    {
        var rendered = new Map { ["message"] = Encode(delivery.Message, delivery.Lock) };
        if (delivery.Lock is { } held)
        {
            rendered["lock-token"] = held.Token;
        }

        return rendered;
    }

    private byte[] Encode(MessageView message, MessageLock? held)
    {
        var buffer = MessageEncoder.Encode(message, held, queue.Name);
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }

    private static List Items(IEnumerable<Map> items) => [.. items];

    private static Message Answer(string name, object value)
    {
        var answer = Answer(200);
        answer.BodySection = new AmqpValue { Value = new Map { [name] = value } };
        return answer;
    }

    private static Message Answer(int status, Error? error = null)
    {
        var answer = new Message { ApplicationProperties = new ApplicationProperties() };
        answer.ApplicationProperties["statusCode"] = status;
        answer.ApplicationProperties["statusDescription"] = error?.Description ?? "OK";
        if (error is not null)
        {
            answer.ApplicationProperties["errorCondition"] = error.Condition;
        }

        return answer;
    }
}
