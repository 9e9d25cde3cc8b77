using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Messages;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Worker;

/// <summary>Works on every queue, each with its own concurrency, so that none waits behind another.</summary>
internal sealed class QueueWorker(
    IOptions<WorkerOptions> options, PacedHandler handler, ServiceBusClient client, QueueSenders senders, WorkerSurroundings surroundings, ILoggerFactory loggers)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        QueueReceiver[] receivers = [.. options.Value.QueueNames.Select(Receiver)];
        var running = Task.WhenAll(receivers.Select(receiver => receiver.RunAsync(stoppingToken)));
        var attached = Task.WhenAll(receivers.Select(receiver => receiver.Attached));
        if (await Task.WhenAny(running, attached) == attached && attached.IsCompletedSuccessfully)
        {
            surroundings.Ready($"ready: {string.Join(',', options.Value.QueueNames)} and {options.Value.Outcomes} at {options.Value.Address}");
        }

        await running;
    }

    private QueueReceiver Receiver(string queue)
    {
        var logger = loggers.CreateLogger<QueueWorker>();
        var room = handler.RoomFor(queue, options.Value.Concurrency);
        var from = new DeliverySource(queue, options.Value.Concurrency);
        var copies = new CopySender(senders, surroundings.Clock, loggers.CreateLogger<CopySender>());
        var work = new DeliveryWork(
            queue, (delivery, stop) => handler.HandleAsync(delivery, from, room, stop), copies, surroundings.Watch, surroundings.Clock, logger);
        return new(
            client, new(options.Value.Address, queue, options.Value.Concurrency, room), work.RunAsync,
            new Redial(surroundings.Clock, surroundings.Chance), surroundings.Clock, logger);
    }
}

internal sealed record WorkerSurroundings(TimeProvider Clock, Func<double> Chance, DeliveryWatch Watch, Action<string> Ready);
