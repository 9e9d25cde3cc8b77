using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Cli.Amqp;

/// <summary>Asks <c>&lt;entity&gt;/$management</c> for what no link can do. Attached at the first question: most connections never ask one.</summary>
internal sealed class ManagementLink(BusConnection bus, string entity, TimeProvider clock) : IDisposable
{
    private readonly string _replyTo = $"answers-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _asked = new();
    private readonly SemaphoreSlim _attaching = new(1);
    private ConfirmedSender? _requests;
    private ReceiverLink? _answers;

    public async Task<Message> AskAsync(string operation, Map arguments, CancellationToken cancellationToken)
    {
        var requests = await RequestsAsync(cancellationToken);
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
            await requests.SendAsync(request, cancellationToken);
            return await answer.Task.WaitAsync(BusConnection.Patience, clock, cancellationToken);
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

    public void Dispose() => _attaching.Dispose();

    private async Task<ConfirmedSender> RequestsAsync(CancellationToken cancellationToken)
    {
        await _attaching.WaitAsync(cancellationToken);
        try
        {
            if (_requests is null or { IsClosed: true } || _answers is null or { IsClosed: true })
            {
                await AttachAsync(cancellationToken);
            }

            return _requests!;
        }
        finally
        {
            _attaching.Release();
        }
    }

    // Both or none: a request whose answer has nowhere to go is waited for in vain.
    private async Task AttachAsync(CancellationToken cancellationToken)
    {
        var address = $"{entity}/$management";
        _answers?.Close(TimeSpan.Zero);
        _answers = await Attachment.ReceiverAsync(bus, address, _replyTo, clock, cancellationToken);
        _answers.Start(50, Answered);
        _requests = await ConfirmedSender.AttachAsync(bus, address, clock, cancellationToken);
    }

    private void Answered(IReceiverLink link, Message message)
    {
        link.Accept(message);
        if (message.Properties?.GetCorrelationId() is string id && _asked.TryGetValue(id, out var answer))
        {
            answer.TrySetResult(message);
        }
    }
}
