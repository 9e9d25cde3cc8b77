using Amqp;
using Amqp.Framing;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>A flow that is one transfer ahead of the library's count: what the .NET SDK's are now and then, said here on purpose.</summary>
public sealed class SessionWindowTests : IAsyncLifetime
{
    private const uint Unlimited = uint.MaxValue;

    private TestBroker _broker = null!;
    private SenderLink _sender = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _sender = (await _broker.ConnectAsync()).Sender("orders");
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_flow_one_ahead_of_the_count_does_not_close_the_largest_window()
    {
        using var peer = await RawPeer.ReceiveAsync(_broker.Broker.Port, "orders", Unlimited);
        await peer.FlowAsync(nextIncomingId: 1, Unlimited, deliveryCount: 0, credit: 1);

        await _sender.SendTextAsync("a");

        await peer.NextAsync<Transfer>();
    }

    [Fact]
    public async Task Nor_does_a_flow_of_the_session_alone()
    {
        using var peer = await RawPeer.ReceiveAsync(_broker.Broker.Port, "orders", Unlimited);
        await peer.FlowAsync(nextIncomingId: 0, Unlimited, deliveryCount: 0, credit: 2);
        await peer.FlowAsync(nextIncomingId: 1, Unlimited);
        await peer.AttachAsync(handle: 1, "other"); // once it is answered, what was said before has been heard

        await _sender.SendTextAsync("a");
        await peer.NextAsync<Transfer>();
        await peer.FlowAsync(nextIncomingId: 2, Unlimited);
        await peer.AttachAsync(handle: 2, "other");
        await _sender.SendTextAsync("b");

        await peer.NextAsync<Transfer>();
    }

    [Fact]
    public async Task A_window_that_a_peer_has_closed_stays_closed_until_it_opens_it()
    {
        using var peer = await RawPeer.ReceiveAsync(_broker.Broker.Port, "orders", incomingWindow: 1);
        await peer.FlowAsync(nextIncomingId: 0, incomingWindow: 0, deliveryCount: 0, credit: 1);
        await peer.AttachAsync(handle: 1, "other");
        await _sender.SendTextAsync("a");
        await _sender.SendTextAsync("taken after the first was handed over");
        await peer.AttachAsync(handle: 2, "other");
        Assert.DoesNotContain(peer.PassedOver, frame => frame is Transfer);

        await peer.FlowAsync(nextIncomingId: 0, incomingWindow: 1, deliveryCount: 0, credit: 1);

        await peer.NextAsync<Transfer>();
    }
}
