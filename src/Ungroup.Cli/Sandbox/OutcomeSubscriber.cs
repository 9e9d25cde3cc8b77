using Amqp;
using Microsoft.Extensions.Logging.Abstractions;
using Ungroup.Cli.Amqp;

namespace Ungroup.Cli.Sandbox;

/// <summary>Receives outcome events over AMQP as any subscriber would: what the sandbox shows is what consumers see.</summary>
internal sealed class OutcomeSubscriber : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public OutcomeSubscriber(BusAddress bus, Action<Delivery> received, Shell shell)
    {
        var receiver = new QueueReceiver(
            new(bus, Cloud.AllOutcomes, Concurrency: 50), ReceiveAsync, new Redial(shell.Clock, shell.Chance), shell.Clock, NullLogger.Instance);
        _running = receiver.RunAsync(_stop.Token);

        Task ReceiveAsync(QueueLink link, Message message, CancellationToken stop)
        {
            var delivery = IncomingMessage.ToDelivery(message, shell.Clock.GetUtcNow());
            received(delivery);
            return link.SettleAsync(message, delivery, new Settlement.Complete());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }
}
