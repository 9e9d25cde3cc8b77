using Azure.Messaging.ServiceBus;
using Ungroup.FunctionsHost.Files;
using Ungroup.FunctionsHost.Worker;

namespace Ungroup.FunctionsHost.Triggers.Queues;

/// <summary>Gives a function its queue's or subscription's messages, as many at once as host.json says.</summary>
internal sealed class QueueListener : IAsyncDisposable
{
    private readonly Trigger.Queue _trigger;
    private readonly ServiceBusClient _client;
    private readonly ServiceBusProcessor _processor;
    private readonly Invoker _invoker;
    private readonly HeldMessages _messages;
    private readonly HostWatch _watch;
    private string? _lastTrouble;

    public QueueListener(Trigger.Queue trigger, AppSettings settings, HostJson host, QueueSurroundings surroundings)
    {
        _trigger = trigger;
        (_invoker, _messages, _watch) = surroundings;
        _client = new(settings.Connection(trigger));
        var options = new ServiceBusProcessorOptions
        {
            AutoCompleteMessages = trigger.Flag("autoCompleteMessages") ?? host.AutoCompleteMessages,
            MaxAutoLockRenewalDuration = host.MaxAutoLockRenewalDuration,
            MaxConcurrentCalls = host.MaxConcurrentCalls,
            PrefetchCount = host.PrefetchCount,
        };
        _processor = trigger.Text("topicName") is { Length: > 0 } topic
            ? _client.CreateProcessor(settings.Resolve(topic), settings.Resolve(trigger.Text("subscriptionName") ?? ""), options)
            : _client.CreateProcessor(settings.Resolve(trigger.Text("queueName") ?? ""), options);
        _processor.ProcessMessageAsync += ProcessAsync;
        _processor.ProcessErrorAsync += SayAsync;
    }

    /// <summary>Null where this host can serve the trigger; otherwise a sentence.</summary>
    public static string? ReasonToLeaveOut(Trigger.Queue trigger) =>
        trigger.Flag("isSessionsEnabled") == true ? "it asks for sessions"
        : trigger.Text("cardinality") is "Many" ? "it asks for batches"
        : null;

    public Task StartAsync(CancellationToken cancellationToken) => _processor.StartProcessingAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _processor.StopProcessingAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _processor.DisposeAsync();
        await _client.DisposeAsync();
    }

    // An exception makes the processor give the message back, unless the function has settled it.
    private async Task ProcessAsync(ProcessMessageEventArgs received)
    {
        _lastTrouble = null;
        _messages.Hold(received);
        try
        {
            _watch.Began(received.Message);

            // A stop does not cancel it: what has begun is finished first, as where the platform drains an instance.
            await _invoker.InvokeAsync(_trigger.Function, MessageBinding.Request(received.Message, _trigger.Parameter), CancellationToken.None);
        }
        finally
        {
            _messages.Release(received);
        }
    }

    private Task SayAsync(ProcessErrorEventArgs trouble)
    {
        var sentence = trouble.Exception is InvocationFailedException or WorkerGoneException
            ? $"{trouble.Exception.Message}; its message is given back."
            : $"{_trigger.Function} receives nothing from {trouble.EntityPath} for now: {trouble.Exception.Message}";
        if (Interlocked.Exchange(ref _lastTrouble, sentence) != sentence)
        {
            _watch.Told(sentence);
        }

        return Task.CompletedTask;
    }
}

internal sealed record QueueSurroundings(Invoker Invoker, HeldMessages Messages, HostWatch Watch);
