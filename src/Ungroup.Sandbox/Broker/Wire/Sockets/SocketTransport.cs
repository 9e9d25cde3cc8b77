using System.Buffers;
using System.Net.Sockets;
using System.Security.Principal;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace Ungroup.Sandbox.Broker.Wire.Sockets;

/// <summary>
/// The bytes of one authenticated connection. The library sends its OPEN right behind the SASL outcome, and rhea (the
/// JavaScript SDK) hangs when both come in one read; so nothing is written until the peer has begun to speak AMQP.
/// </summary>
internal sealed class SocketTransport(Stream stream, Peer peer) : IAsyncTransport, IAuthenticated
{
    /// <summary>The most that somebody without the key may send: enough for many tokens, not enough to fill the memory.</summary>
    private const int UnknownPeerAllowance = 1024 * 1024;

    private readonly TaskCompletionSource _peerSpoke = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _inbound = new byte[16 * 1024];
    private Connection? _connection;
    private int _start;
    private int _end;
    private int _fromUnknown;

    public IPrincipal Principal => peer;

    public Task Closed => _closed.Task;

    public void SetConnection(Connection connection) => _connection = connection;

    /// <summary>Asks the peer to close; it answers in its own time, or not.</summary>
    public void SayGoodbye() => PeerGone.Ignore(() => _connection?.Close(
        TimeSpan.Zero, new Error(ErrorCode.ConnectionForced) { Description = "The broker is closing." }));

    public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        try
        {
            await WriteAsync(bufferList, listSize);
        }
        catch
        {
            peer.MarkGone();
            throw;
        }
    }

    private async Task WriteAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        await _peerSpoke.Task;
        if (bufferList is [var only])
        {
            await stream.WriteAsync(only.Buffer.AsMemory(only.Offset, only.Length));
            return;
        }

        var joined = ArrayPool<byte>.Shared.Rent(listSize);
        try
        {
            var at = 0;
            foreach (var buffer in bufferList)
            {
                buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).CopyTo(joined.AsSpan(at));
                at += buffer.Length;
            }

            await stream.WriteAsync(joined.AsMemory(0, at));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(joined);
        }
    }

    public async Task<int> ReceiveAsync(byte[] buffer, int offset, int count)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await ReadAsync();
            Admit(_end);
        }

        var taken = Math.Min(count, _end - _start);
        Array.Copy(_inbound, _start, buffer, offset, taken);
        _start += taken;
        return taken;
    }

    // Known before the library knows it, and so before it settles in the peer's name what the peer has not settled.
    private async Task<int> ReadAsync()
    {
        var received = 0;
        try
        {
            return received = await stream.ReadAsync(_inbound);
        }
        finally
        {
            if (received == 0)
            {
                peer.MarkGone();
            }
        }
    }

    public void Send(ByteBuffer buffer) => throw new NotSupportedException("A listener writes asynchronously.");

    public int Receive(byte[] buffer, int offset, int count) => throw new NotSupportedException("A listener reads asynchronously.");

    public void Close()
    {
        peer.MarkGone();
        _peerSpoke.TrySetCanceled();
        stream.Dispose();
        _closed.TrySetResult();
    }

    private void Admit(int received)
    {
        if (received > 0)
        {
            _peerSpoke.TrySetResult();
        }

        if (!peer.IsKnown && (_fromUnknown += received) > UnknownPeerAllowance)
        {
            throw new IOException($"A peer without a token sent more than {UnknownPeerAllowance} bytes.");
        }
    }
}
