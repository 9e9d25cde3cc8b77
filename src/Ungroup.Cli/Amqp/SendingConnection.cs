using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>A connection that only sends, to one queue or topic.</summary>
internal sealed class SendingConnection : IAsyncDisposable
{
    private readonly BusConnection _bus;
    private readonly ConfirmedSender _sender;

    private SendingConnection(BusConnection bus, ConfirmedSender sender) => (_bus, _sender) = (bus, sender);

    public bool IsLost => _bus.Lost.IsCompleted;

    /// <param name="address">The broker.</param>
    /// <param name="queue">The queue or topic.</param>
    /// <param name="clock">When an answer is overdue.</param>
    /// <param name="cancellationToken">Gives up connecting.</param>
    /// <param name="goOn">Where callers go on whose message was taken.</param>
    public static async Task<SendingConnection> OpenAsync(
        BusAddress address, string queue, TimeProvider clock, CancellationToken cancellationToken, GoOn goOn = GoOn.OnAThreadOfTheirOwn)
    {
        var bus = await BusConnection.OpenAsync(address, clock, cancellationToken);
        try
        {
            var (link, largest) = await Attachment.SenderAsync(bus, queue, clock, cancellationToken);
            bus.Watch(link);
            return new(bus, new(link, largest, clock, goOn));
        }
        catch
        {
            await bus.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns once the broker has taken the message. Any number of callers at once.</summary>
    public Task SendAsync(Message message, CancellationToken cancellationToken, int atMost = int.MaxValue) =>
        _sender.SendAsync(message, cancellationToken, atMost);

    public ValueTask DisposeAsync() => _bus.DisposeAsync();
}
