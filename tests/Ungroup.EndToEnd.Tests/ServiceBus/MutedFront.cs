using System.Net;
using System.Net.Sockets;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

/// <summary>A network in front of a broker that can lose what the broker says to those who are connected, and keeps their connections open.</summary>
internal sealed class MutedFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly int _broker;
    private readonly Task _accepting;
    private CancellationTokenSource _muted = new();

    /// <param name="broker">The port of the broker on this machine.</param>
    public MutedFront(int broker)
    {
        _broker = broker;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Those who connect after this hear the broker again.</summary>
    public void Mute() => Interlocked.Exchange(ref _muted, new()).Cancel();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
        _muted.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token), _muted.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client, CancellationToken muted)
    {
        using (client)
        using (var broker = new TcpClient())
        {
            await broker.ConnectAsync(IPAddress.Loopback, _broker, _ending.Token);
            var (near, far) = (client.GetStream(), broker.GetStream());
            await Task.WhenAny(CopyAsync(near, far, CancellationToken.None), CopyAsync(far, near, muted));
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, CancellationToken muted)
    {
        var bytes = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(bytes, _ending.Token) is > 0 and var read)
            {
                if (!muted.IsCancellationRequested)
                {
                    await to.WriteAsync(bytes.AsMemory(0, read), _ending.Token);
                }
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has gone, or the test has ended.
        }
    }
}
