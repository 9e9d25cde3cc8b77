using System.Buffers;
using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>
/// The bytes of one connection. What comes is read ahead, and what is sent at about the same time leaves at once: with the
/// library's own transport each frame that goes is a system call of its own, and each that comes is two.
/// </summary>
internal sealed class BusTransport(Stream stream, TimeProvider clock) : IAsyncTransport, IThreadPoolWorkItem
{
    // A sender that is this far ahead of the network waits for it.
    private const int FarAhead = 256 * 1024;

    private readonly Lock _sync = new();
    private readonly byte[] _read = new byte[16 * 1024];
    private int _from;
    private int _to;
    private ArrayBufferWriter<byte> _waiting = new(4096);
    private ArrayBufferWriter<byte> _leaving = new(4096);
    private TaskCompletionSource? _room;
    private Exception? _broken;
    private bool _isFlushing;
    private bool _closes;

    public void SetConnection(Connection connection)
    {
        // Nothing of it is needed here.
    }

    public void Send(ByteBuffer buffer) => SendAsync([buffer], buffer.Length).GetAwaiter().GetResult();

    /// <summary>Ends at once, unless too much is waiting to leave. What could not leave, the next call says, and the reader.</summary>
    public Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        lock (_sync)
        {
            if (_broken is { } broken)
            {
                return Task.FromException(broken);
            }

            foreach (var buffer in bufferList)
            {
                _waiting.Write(buffer.Buffer.AsSpan(buffer.Offset, buffer.Length));
            }

            if (!_isFlushing)
            {
                _isFlushing = true;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
            }

            return _waiting.WrittenCount < FarAhead ? Task.CompletedTask
                : (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public int Receive(byte[] buffer, int offset, int count) => ReceiveAsync(buffer, offset, count).GetAwaiter().GetResult();

    public Task<int> ReceiveAsync(byte[] buffer, int offset, int count) =>
        _from < _to ? Task.FromResult(Take(buffer.AsSpan(offset, count))) : ReadAsync(buffer.AsMemory(offset, count));

    /// <summary>Lets what is waiting leave, then closes; in any case soon, for the other end may not read any more.</summary>
    public void Close()
    {
        lock (_sync)
        {
            _closes = true;
            if (_isFlushing)
            {
                _ = CloseLaterAsync();
                return;
            }
        }

        stream.Dispose();
    }

    public void Execute() => _ = FlushAsync();

    private async Task<int> ReadAsync(Memory<byte> wanted)
    {
        if (wanted.Length >= _read.Length)
        {
            return Some(await stream.ReadAsync(wanted));
        }

        (_from, _to) = (0, Some(await stream.ReadAsync(_read)));
        return Take(wanted.Span);
    }

    // The library takes the end of a stream for somebody's cancelling.
    private static int Some(int read) => read > 0 ? read : throw new IOException("the broker has closed the connection");

    private int Take(Span<byte> wanted)
    {
        var taken = Math.Min(wanted.Length, _to - _from);
        _read.AsSpan(_from, taken).CopyTo(wanted);
        _from += taken;
        return taken;
    }

    private async Task FlushAsync()
    {
        try
        {
            while (TakeWaiting())
            {
                await stream.WriteAsync(_leaving.WrittenMemory);
            }
        }
        catch (Exception error)
        {
            Break(error);
        }
    }

    private async Task CloseLaterAsync()
    {
        await Task.Delay(BusConnection.Patience, clock);
        await stream.DisposeAsync();
    }

    /// <summary>False where nothing is waiting; from then on the flush is somebody else's.</summary>
    private bool TakeWaiting()
    {
        TaskCompletionSource? room;
        bool isSome;
        lock (_sync)
        {
            _leaving.ResetWrittenCount();
            (_waiting, _leaving) = (_leaving, _waiting);
            (room, _room) = (_room, null);
            _isFlushing = isSome = _leaving.WrittenCount > 0;
            if (!isSome && _closes)
            {
                stream.Dispose();
            }
        }

        room?.TrySetResult();
        return isSome;
    }

    private void Break(Exception error)
    {
        TaskCompletionSource? room;
        lock (_sync)
        {
            _broken = error;
            (room, _room) = (_room, null);
        }

        room?.TrySetException(error);

        // Whoever reads learns of it by this.
        stream.Dispose();
    }
}
