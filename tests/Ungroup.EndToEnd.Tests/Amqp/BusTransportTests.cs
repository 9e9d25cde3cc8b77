using System.Net;
using System.Net.Sockets;
using System.Text;
using Amqp;
using Ungroup.Cli.Amqp;

namespace Ungroup.EndToEnd.Tests.Amqp;

/// <summary>The transport on one end of a real socket, the test on the other.</summary>
public sealed class BusTransportTests : IAsyncLifetime
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _buffer = new byte[1024 * 1024];
    private IAsyncTransport _transport = null!;
    private NetworkStream _far = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _listener.Start();
        var address = new Address("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port, user: null, password: null, scheme: "AMQP");
        using var transports = new BusTransports(TimeProvider.System, Stop);
        var connecting = transports.CreateAsync(address);
        _far = new(await _listener.AcceptSocketAsync(Stop), ownsSocket: true);
        _transport = await connecting;
    }

    public async ValueTask DisposeAsync()
    {
        _transport.Close();
        await _far.DisposeAsync();
        _listener.Dispose();
    }

    [Fact]
    public async Task What_many_send_at_once_arrives_whole_and_in_the_order_of_each()
    {
        var senders = Enumerable.Range(0, 8).Select(sender => Task.Run(
            async () =>
            {
                for (var number = 0; number < 100; number++)
                {
                    await SendAsync($"{sender} {number}\n");
                }
            },
            Stop));
        await Task.WhenAll(senders);

        var lines = new List<string>();
        using var reader = new StreamReader(_far, leaveOpen: true);
        while (lines.Count < 800)
        {
            lines.Add((await reader.ReadLineAsync(Stop))!);
        }

        Assert.All(
            Enumerable.Range(0, 8),
            sender => Assert.Equal(
                Enumerable.Range(0, 100).Select(number => $"{sender} {number}"), lines.Where(line => line[0] == '0' + sender)));
    }

    [Fact]
    public async Task What_is_read_ahead_is_handed_out_in_the_pieces_that_are_asked_for()
    {
        await _far.WriteAsync("abcdefgh"u8.ToArray(), Stop);

        var pieces = new List<string>();
        while (string.Concat(pieces).Length < 8)
        {
            var read = await _transport.ReceiveAsync(_buffer, 0, 3);
            Assert.InRange(read, 1, 3);
            pieces.Add(Encoding.ASCII.GetString(_buffer, 0, read));
        }

        Assert.Equal("abcdefgh", string.Concat(pieces));
    }

    [Fact]
    public async Task What_was_sent_before_closing_arrives()
    {
        var sent = new byte[100_000];
        sent.AsSpan().Fill(7);

        await _transport.SendAsync([new ByteBuffer(sent, 0, sent.Length, sent.Length)], sent.Length);
        _transport.Close();

        using var arrived = new MemoryStream();
        await _far.CopyToAsync(arrived, Stop);
        Assert.Equal(sent, arrived.ToArray());
    }

    [Fact]
    public async Task A_sender_far_ahead_of_the_network_waits_for_it()
    {
        Task sending;
        var sent = 0L;
        do
        {
            sending = _transport.SendAsync([new ByteBuffer(_buffer, 0, _buffer.Length, _buffer.Length)], _buffer.Length);
            sent += _buffer.Length;
        }
        while (sending.IsCompletedSuccessfully);

        var read = 0L;
        while (read < sent)
        {
            read += await _far.ReadAsync(new byte[_buffer.Length], Stop);
        }

        await sending.WaitAsync(TimeSpan.FromSeconds(30), Stop);
    }

    [Fact]
    public async Task The_end_of_the_stream_is_a_lost_connection_and_nobodys_cancelling()
    {
        var reading = _transport.ReceiveAsync(_buffer, 0, 4);
        _far.Socket.Shutdown(SocketShutdown.Send);

        var lost = await Assert.ThrowsAsync<IOException>(() => reading);

        Assert.True(BusFailure.Is(lost));
        Assert.Equal("the broker has closed the connection", BusFailure.Say(lost));
    }

    [Fact]
    public async Task Whoever_reads_and_the_next_to_send_learn_that_the_other_end_is_gone()
    {
        var reading = _transport.ReceiveAsync(_buffer, 0, 4);
        _far.Socket.Close(timeout: 0);
        await Assert.ThrowsAsync<IOException>(() => reading);

        // The first bytes may still find room on the way to nobody.
        Exception? told;
        while ((told = await Record.ExceptionAsync(() => SendAsync("too late"))) is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop);
        }

        Assert.True(told is IOException or ObjectDisposedException, $"{told}");
    }

    private Task SendAsync(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        return _transport.SendAsync([new ByteBuffer(bytes, 0, bytes.Length, bytes.Length)], bytes.Length);
    }
}
