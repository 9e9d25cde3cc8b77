using System.Net;
using System.Net.Sockets;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

/// <summary>A network in front of a broker that can lose what the broker says to those who are connected, and keeps their connections open.</summary>
internal sealed class MutedFront : IAsyncDisposable
{
    private readonly TcpFront _front;
    private CancellationTokenSource _muted = new();

    /// <param name="broker">The port of the broker on this machine.</param>
    public MutedFront(int broker) => _front = new((client, ending) => ServeAsync(client, broker, _muted.Token, ending));

    public int Port => _front.Port;

    /// <summary>Those who connect after this hear the broker again.</summary>
    public void Mute() => Interlocked.Exchange(ref _muted, new()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        _muted.Dispose();
    }

    private static async Task ServeAsync(NetworkStream near, int port, CancellationToken muted, CancellationToken ending)
    {
        using var broker = new TcpClient();
        await broker.ConnectAsync(IPAddress.Loopback, port, ending);
        var far = broker.GetStream();
        await Task.WhenAny(CopyAsync(near, far, CancellationToken.None, ending), CopyAsync(far, near, muted, ending));
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken muted, CancellationToken ending)
    {
        var bytes = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(bytes, ending) is > 0 and var read)
            {
                if (!muted.IsCancellationRequested)
                {
                    await to.WriteAsync(bytes.AsMemory(0, read), ending);
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has gone, or the test has ended.
        }
    }
}
