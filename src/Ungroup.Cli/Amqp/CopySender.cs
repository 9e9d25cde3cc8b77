using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>
/// Sends postponed copies over a link of their own. A broker detaches links nobody uses; losing this one must not take the
/// connection along, with every message that is being worked on, so it is attached when it is needed, and again.
/// </summary>
internal sealed class CopySender(BusConnection bus, string queue, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim _attaching = new(1);
    private ConfirmedSender? _link;

    public async Task SendAsync(Message copy) => await (await LinkAsync()).SendAsync(copy, CancellationToken.None);

    public void Dispose() => _attaching.Dispose();

    private async Task<ConfirmedSender> LinkAsync()
    {
        await _attaching.WaitAsync(CancellationToken.None);
        try
        {
            return _link is { IsClosed: false } ? _link : _link = await ConfirmedSender.AttachAsync(bus, queue, clock, CancellationToken.None);
        }
        finally
        {
            _attaching.Release();
        }
    }
}
