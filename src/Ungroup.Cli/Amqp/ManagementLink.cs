using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Cli.Amqp;

/// <summary>Asks <c>&lt;entity&gt;/$management</c> for what no link can do. Attached at the first question: most connections never ask one.</summary>
internal sealed class ManagementLink
{
    private readonly string _replyTo = $"answers-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _asked = new();
    private readonly OnDemand<Links> _links;
    private readonly BusConnection _bus;
    private readonly string _node;
    private readonly TimeProvider _clock;
    private ReceiverLink? _answers;

    public ManagementLink(BusConnection bus, string entity, TimeProvider clock)
    {
        (_bus, _node, _clock) = (bus, $"{entity}/$management", clock);
        _links = new(AttachAsync, links => links.AreClosed);
    }

    public async Task<Message> AskAsync(string operation, Map arguments, CancellationToken cancellationToken)
    {
        var links = await _links.GetAsync().WaitAsync(cancellationToken);
        var id = Guid.NewGuid().ToString("N");
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        try
        {
            var request = new Message(arguments)
            {
                Properties = new Properties { MessageId = id, ReplyTo = _replyTo },
                ApplicationProperties = new ApplicationProperties(),
            };
            request.ApplicationProperties["operation"] = operation;
            await links.Requests.SendAsync(request, cancellationToken);
            return await answer.Task.WaitAsync(BusConnection.Patience, _clock, cancellationToken);
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

    /// <summary>As HTTP has them: 200, 204 where there is nothing, 410 where a lock is lost.</summary>
    public static int StatusOf(Message answer) => answer.ApplicationProperties?["statusCode"] as int? ?? 500;

    public static AmqpException Unexpected(string what, Message answer) => new(
        ErrorCode.InternalError, $"{what}: {StatusOf(answer)} {answer.ApplicationProperties?["statusDescription"]}");

    // Both or none: a request whose answer has nowhere to go is waited for in vain.
    private async Task<Links> AttachAsync()
    {
        _answers?.Close(TimeSpan.Zero);
        _answers = await Attachment.ReceiverAsync(_bus, _node, _replyTo, _clock, CancellationToken.None);
        _answers.Start(50, Answered);
        return new(await ConfirmedSender.AttachAsync(_bus, _node, _clock, CancellationToken.None), _answers);
    }

    private void Answered(IReceiverLink link, Message message)
    {
        link.Accept(message);
        if (message.Properties?.GetCorrelationId() is string id && _asked.TryGetValue(id, out var answer))
        {
            answer.TrySetResult(message);
        }
    }

    private sealed record Links(ConfirmedSender Requests, ReceiverLink Answers)
    {
        public bool AreClosed => Requests.IsClosed || Answers.IsClosed;
    }
}
