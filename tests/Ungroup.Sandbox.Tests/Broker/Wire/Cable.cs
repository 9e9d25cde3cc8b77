using System.Net;
using System.Net.Sockets;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

/// <summary>Stands between a client and the broker, and can be cut as a killed process or a lost host cuts it: by a reset.</summary>
internal sealed class Cable : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TcpClient _broker = new();
    private readonly Task _running;

    public Cable(int brokerPort)
    {
        _listener.Start();
        _running = RunAsync(brokerPort);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public void Cut()
    {
        _broker.LingerState = new(enable: true, seconds: 0);
        _broker.Close();
    }

    public async ValueTask DisposeAsync()
    {
        _broker.Dispose();
        _listener.Stop();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
    }

    private async Task RunAsync(int brokerPort)
    {
        using var client = await _listener.AcceptTcpClientAsync();
        await _broker.ConnectAsync(IPAddress.Loopback, brokerPort);
        await Task.WhenAny(
            client.GetStream().CopyToAsync(_broker.GetStream()),
            _broker.GetStream().CopyToAsync(client.GetStream()));
    }
}
