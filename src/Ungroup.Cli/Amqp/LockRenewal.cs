using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Cli.Amqp;

/// <summary>Asks <c>&lt;queue&gt;/$management</c> for more time. Attached at the first renewal: most deliveries never need one.</summary>
internal sealed class LockRenewal(BusConnection bus, string queue, TimeProvider clock) : IDisposable
{
    private const int Gone = 410;

    private readonly string _replyTo = $"renewals-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _asked = new();
    private readonly SemaphoreSlim _attaching = new(1);
    private ConfirmedSender? _requests;
    private ReceiverLink? _answers;

    /// <summary>The new end of the lock; null when the broker says that it is lost.</summary>
    public async Task<DateTimeOffset?> RenewAsync(Guid lockToken, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(lockToken, await RequestsAsync(cancellationToken), cancellationToken);
        var status = answer.ApplicationProperties?["statusCode"] as int? ?? 500;
        return status == Gone ? null
            : status == 200 && answer.Body is Map map && map["expirations"] is DateTime[] and [var until, ..]
                ? new DateTimeOffset(DateTime.SpecifyKind(until, DateTimeKind.Utc))
                : throw new AmqpException(ErrorCode.InternalError,
                    $"the lock was not renewed: {status} {answer.ApplicationProperties?["statusDescription"]}");
    }

    public void Dispose() => _attaching.Dispose();

    private async Task<Message> AskAsync(Guid lockToken, ConfirmedSender requests, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("N");
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[id] = answer;
        try
        {
            // An AMQP array of uuid; the token as a string is refused by the real service.
            var request = new Message(new Map { ["lock-tokens"] = new[] { lockToken } })
            {
                Properties = new Properties { MessageId = id, ReplyTo = _replyTo },
                ApplicationProperties = new ApplicationProperties(),
            };
            request.ApplicationProperties["operation"] = "com.microsoft:renew-lock";
            await requests.SendAsync(request, cancellationToken);
            return await answer.Task.WaitAsync(BusConnection.Patience, clock, cancellationToken);
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

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
        var address = $"{queue}/$management";
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
