using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>
/// Sends postponed copies over a link of their own. A broker detaches links nobody uses; losing this one must not take the
/// connection along, with every message that is being worked on, so it is attached when it is needed, and again.
/// </summary>
internal sealed class CopySender(BusConnection bus, string queue, TimeProvider clock)
{
    private readonly OnDemand<ConfirmedSender> _link = new(
        () => ConfirmedSender.AttachAsync(bus, queue, clock, CancellationToken.None), link => link.IsClosed);

    public async Task SendAsync(Message copy) => await (await _link.GetAsync()).SendAsync(copy, CancellationToken.None);
}
