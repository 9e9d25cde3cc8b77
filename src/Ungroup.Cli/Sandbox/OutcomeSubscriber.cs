using Azure.Messaging.ServiceBus;

namespace Ungroup.Cli.Sandbox;

/// <summary>Receives outcome events as any subscriber would: the sandbox shows what consumers see.</summary>
internal sealed class OutcomeSubscriber : IAsyncDisposable
{
    private readonly ServiceBusClient _client;
    private readonly ServiceBusProcessor _processor;

    private OutcomeSubscriber(string bus, Action<ServiceBusReceivedMessage> received)
    {
        _client = new(bus);
        _processor = _client.CreateProcessor(Cloud.AllOutcomes, new ServiceBusProcessorOptions { PrefetchCount = 50 });
        _processor.ProcessMessageAsync += message =>
        {
            received(message.Message);
            return Task.CompletedTask;
        };

        // It tries again by itself; the run tells of events that it missed.
        _processor.ProcessErrorAsync += _ => Task.CompletedTask;
    }

    public static async Task<OutcomeSubscriber> StartAsync(string bus, Action<ServiceBusReceivedMessage> received)
    {
        var subscriber = new OutcomeSubscriber(bus, received);
        await subscriber._processor.StartProcessingAsync();
        return subscriber;
    }

    public async ValueTask DisposeAsync()
    {
        await _processor.DisposeAsync();
        await _client.DisposeAsync();
    }
}
