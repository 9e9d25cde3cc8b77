using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Ungroup.Cli.Amqp;

/// <summary>Asks <c>&lt;queue&gt;/$management</c> for more time. Attached at the first renewal: most deliveries never need one.</summary>
internal sealed class LockRenewal
{
    private const int Gone = 410;

    private readonly string _replyTo = $"renewals-{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> _asked = new();
    private readonly OnDemand<Links> _links;
    private readonly BusConnection _bus;
    private readonly string _node;
    private readonly TimeProvider _clock;
    private ReceiverLink? _answers;

    public LockRenewal(BusConnection bus, string queue, TimeProvider clock)
    {
        (_bus, _node, _clock) = (bus, $"{queue}/$management", clock);
        _links = new(AttachAsync, links => links.AreClosed);
    }

    /// <summary>The new end of the lock; null when the broker says that it is lost.</summary>
    public async Task<DateTimeOffset?> RenewAsync(Guid lockToken, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(lockToken, await _links.GetAsync().WaitAsync(cancellationToken), cancellationToken);
        var status = answer.ApplicationProperties?["statusCode"] as int? ?? 500;
        return status == Gone ? null
            : status == 200 && answer.Body is Map map && map["expirations"] is DateTime[] and [var until, ..]
                ? new DateTimeOffset(DateTime.SpecifyKind(until, DateTimeKind.Utc))
                : throw new AmqpException(ErrorCode.InternalError,
                    $"the lock was not renewed: {status} {answer.ApplicationProperties?["statusDescription"]}");
    }

    private async Task<Message> AskAsync(Guid lockToken, Links links, CancellationToken cancellationToken)
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
            await links.Requests.SendAsync(request, cancellationToken);
            return await answer.Task.WaitAsync(BusConnection.Patience, _clock, cancellationToken);
        }
        finally
        {
            _asked.TryRemove(id, out _);
        }
    }

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
