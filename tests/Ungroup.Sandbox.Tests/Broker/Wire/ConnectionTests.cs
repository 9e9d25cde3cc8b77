using System.Net;
using System.Net.Sockets;
using Amqp;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

public sealed class ConnectionTests
{
    private static readonly byte[] SaslHeader = [.. "AMQP"u8, 3, 1, 0, 0];
    private static readonly byte[] AmqpHeader = [.. "AMQP"u8, 0, 1, 0, 0];
    private static readonly byte[] Anonymous =
        [0, 0, 0, 25, 2, 1, 0, 0, 0, 0x53, 0x41, 0xC0, 12, 1, 0xA3, 9, .. "ANONYMOUS"u8];

    [Fact]
    public async Task Two_hundred_clients_connect_one_after_another()
    {
        await using var broker = await TestBroker.StartAsync();

        for (var i = 0; i < 200; i++)
        {
            var session = await broker.ConnectAsync();
            await session.Sender("orders").SendTextAsync($"{i}");
            await session.Connection.CloseAsync();
        }

        Assert.Equal(200, broker.Counts.Active);
    }

    [Fact]
    public async Task Nothing_follows_the_SASL_outcome_until_the_client_speaks()
    {
        await using var broker = await TestBroker.StartAsync();
        using var socket = await ConnectAsync(broker.Broker.Port);
        await socket.SendAsync((byte[])[.. SaslHeader, .. Anonymous]);
        var outcome = await ReadUntilAsync(socket, seen => seen.AsSpan().IndexOf((byte[])[0x53, 0x44]) > 0);

        Assert.Equal(-1, outcome.AsSpan().IndexOf(AmqpHeader));
        Assert.False(socket.Poll(TimeSpan.FromMilliseconds(100), SelectMode.SelectRead));

        await socket.SendAsync(AmqpHeader);
        await ReadUntilAsync(socket, seen => seen.AsSpan().StartsWith(AmqpHeader) && seen.Length > AmqpHeader.Length);
    }

    [Fact]
    public async Task A_client_without_SASL_is_told_what_we_speak()
    {
        await using var broker = await TestBroker.StartAsync();
        using var socket = await ConnectAsync(broker.Broker.Port);

        await socket.SendAsync(AmqpHeader);

        var answer = await ReadToEndAsync(socket);
        Assert.Equal(SaslHeader, answer[..SaslHeader.Length]);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("AMQP\x03\x01\x00\x00\x7f\xff\xff\xff\x02\x01\x00\x00")]
    [InlineData("AMQP\x03\x01\x00\x00\x00\x00\x00\x0c\x02\x01\x00\x00\x00\x53\x41\xc0")]
    public async Task Nonsense_is_hung_up_on(string nonsense)
    {
        await using var broker = await TestBroker.StartAsync();
        using var socket = await ConnectAsync(broker.Broker.Port);

        await socket.SendAsync(nonsense.Select(c => (byte)c).ToArray());

        await ReadToEndAsync(socket);
        await (await broker.ConnectAsync()).Sender("orders").SendTextAsync("still there");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_falls_silent_before_it_is_open_is_hung_up_on(bool afterSasl)
    {
        await using var broker = await TestBroker.StartAsync();
        using var socket = await ConnectAsync(broker.Broker.Port);
        if (afterSasl)
        {
            await socket.SendAsync((byte[])[.. SaslHeader, .. Anonymous]);
            await ReadUntilAsync(socket, seen => seen.AsSpan().IndexOf((byte[])[0x53, 0x44]) > 0);
        }
        else
        {
            await (await broker.ConnectAsync()).Sender("orders").SendTextAsync("by now the socket is accepted");
        }

        broker.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Empty(await ReadToEndAsync(socket));
    }

    [Fact]
    public async Task A_client_that_is_open_is_not_hung_up_on()
    {
        await using var broker = await TestBroker.StartAsync();
        var sender = (await broker.ConnectAsync()).Sender("orders");
        await sender.SendTextAsync("by now we are open");

        broker.Clock.Advance(TimeSpan.FromMinutes(1));

        await sender.SendTextAsync("a");
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_and_one_less_makes_room()
    {
        await using var broker = await TestBroker.StartAsync(maxConnections: 1);
        var first = await broker.ConnectAsync();
        await first.Sender("orders").SendTextAsync("a");
        using (var socket = await ConnectAsync(broker.Broker.Port))
        {
            Assert.Empty(await ReadToEndAsync(socket));
        }

        await first.Connection.CloseAsync();

        for (var attempt = 0; ; attempt++)
        {
            using var socket = await ConnectAsync(broker.Broker.Port);
            await socket.SendAsync(SaslHeader);
            if ((await ReadAsync(socket)).Length > 0)
            {
                break; // the place is free a moment after the goodbye
            }

            Assert.True(attempt < 100, "The place was never freed.");
        }
    }

    [Fact]
    public async Task The_same_link_name_on_two_connections_is_two_links()
    {
        await using var broker = await TestBroker.StartAsync();
        var (one, other) = (await broker.ConnectAsync(), await broker.ConnectAsync());

        await new SenderLink(one, "same", "orders").SendTextAsync("a");
        await new SenderLink(other, "same", "orders").SendTextAsync("b");

        Assert.Equal(2, broker.Counts.Active);
    }

    [Fact]
    public async Task A_taken_port_makes_the_broker_take_the_next()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        await using var next = await ServiceBusBroker.StartAsync(new() { Port = port }, TestContext.Current.CancellationToken);

        Assert.InRange(next.Port, port + 1, port + 100);
        Assert.Contains($"sb://127.0.0.1:{next.Port};", next.ConnectionString, StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<IOException>(() => ServiceBusBroker.StartAsync(
            new() { Port = port, NextFreePort = false }, TestContext.Current.CancellationToken));
        Assert.Contains("is taken", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_is_free_again_after_the_end()
    {
        var first = await TestBroker.StartAsync();
        var port = first.Broker.Port;
        await (await first.ConnectAsync()).Sender("orders").SendTextAsync("a");
        await first.DisposeAsync();

        await using var second = await ServiceBusBroker.StartAsync(
            new() { Port = port, NextFreePort = false }, TestContext.Current.CancellationToken);

        Assert.Equal(port, second.Port);
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return socket;
    }

    private static Task<byte[]> ReadToEndAsync(Socket socket) => ReadUntilAsync(socket, _ => false);

    private static async Task<byte[]> ReadUntilAsync(Socket socket, Predicate<byte[]> enough)
    {
        var seen = Array.Empty<byte>();
        while (!enough(seen) && await ReadAsync(socket) is { Length: > 0 } more)
        {
            seen = [.. seen, .. more];
        }

        return seen;
    }

    private static async Task<byte[]> ReadAsync(Socket socket)
    {
        var buffer = new byte[4096];
        try
        {
            var count = await socket.ReceiveAsync(buffer).WaitAsync(TestBroker.Soon, TestContext.Current.CancellationToken);
            return buffer[..count];
        }
        catch (SocketException)
        {
            return []; // reset: hung up on while there was more to say
        }
    }
}
