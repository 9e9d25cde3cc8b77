using System.Net;
using System.Net.Sockets;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

/// <summary>Stands between clients and a broker on this machine, one connection to it for each of theirs.</summary>
internal sealed class TcpFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serveAsync;
    private readonly Task _accepting;

    /// <param name="serveAsync">Serves one client until it has gone or the front ends, and throws nothing for either.</param>
    public TcpFront(Func<NetworkStream, CancellationToken, Task> serveAsync)
    {
        _serveAsync = serveAsync;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var served = new List<Task>();
        try
        {
            while (true)
            {
                served.Add(ServeAsync(await _listener.AcceptSocketAsync(_ending.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        await _serveAsync(stream, _ending.Token);
    }
}
