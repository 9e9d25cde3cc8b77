using Azure.Messaging.ServiceBus;
using Ungroup.Messages;
using Ungroup.Outcomes;

namespace Ungroup.ServiceBus;

/// <summary>
/// Sends outcome events over a connection of its own, and those that come meanwhile together. A connection that gave no answer in time is
/// replaced: it may be open and silent until the process ends.
/// </summary>
internal sealed class ServiceBusOutcomeBus(Func<ServiceBusClient> connect, string topic) : IOutcomeBus, IAsyncDisposable
{
    // Half of the smallest tier's batch: the properties beside an event are a few hundred bytes.
    private const int MostBytes = 128 * 1024;
    private const int MostEvents = 100;

    private readonly Lock _sync = new();
    private readonly Queue<Waiting> _waiting = new();
    private bool _isSending;
    private ServiceBusClient? _client;
    private ServiceBusSender? _sender;

    public async Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        var waiting = new Waiting(OutgoingMessage.Outcome(outcome), outcome.Json.Length);
        lock (_sync)
        {
            _waiting.Enqueue(waiting);
            if (!_isSending)
            {
                _isSending = true;
                _ = SendAllAsync();
            }
        }

        await waiting.Sent.WaitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _client?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task SendAllAsync()
    {
        while (Next() is { Count: > 0 } batch)
        {
            await SendAsync(batch);
        }
    }

    private List<Waiting> Next()
    {
        lock (_sync)
        {
            var batch = new List<Waiting>();
            for (var bytes = 0; batch.Count < MostEvents && _waiting.TryPeek(out var next); bytes += next.Bytes)
            {
                if (batch.Count > 0 && bytes + next.Bytes > MostBytes)
                {
                    break;
                }

                batch.Add(_waiting.Dequeue());
            }

            _isSending = batch.Count > 0;
            return batch;
        }
    }

    private async Task SendAsync(List<Waiting> batch)
    {
        try
        {
            var sender = _sender ??= (_client ??= connect()).CreateSender(topic);
            await (batch is [var only] ? sender.SendMessageAsync(only.Message) : sender.SendMessagesAsync(batch.Select(one => one.Message)));
            batch.ForEach(one => one.Succeed());
        }
        catch (ServiceBusException error) when (error.Reason == ServiceBusFailureReason.MessageSizeExceeded)
        {
            if (batch is [var only])
            {
                only.Fail(new OutcomeTooLargeException(error.Message, error));
                return;
            }

            // One of them is too large or unsendable: it must not keep the others.
            foreach (var one in batch)
            {
                await SendAsync([one]);
            }
        }
        catch (Exception error)
        {
            if (error is ServiceBusException { Reason: ServiceBusFailureReason.ServiceTimeout })
            {
                HangUp();
            }

            batch.ForEach(one => one.Fail(error));
        }
    }

    private void HangUp()
    {
        _ = CloseAsync(_client!);
        (_client, _sender) = (null, null);
    }

    private static async Task CloseAsync(ServiceBusClient silent)
    {
        try
        {
            await silent.DisposeAsync();
        }
        catch (Exception error) when (BusFailure.Is(error) || error is OperationCanceledException)
        {
        }
    }

    private sealed class Waiting(ServiceBusMessage message, int bytes)
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ServiceBusMessage Message => message;

        public int Bytes => bytes;

        public Task Sent => _sent.Task;

        public void Succeed() => _sent.TrySetResult();

        public void Fail(Exception error) => _sent.TrySetException(error);
    }
}
