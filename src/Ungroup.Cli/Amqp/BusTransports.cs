using System.Net.Security;
using System.Net.Sockets;
using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>Connects to a broker, over TLS where its address says so.</summary>
internal sealed class BusTransports : TransportProvider
{
    private readonly CancellationToken _cancellationToken;

    public BusTransports(CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        AddressSchemes = ["amqp", "amqps"];
    }

    public override async Task<IAsyncTransport> CreateAsync(Address address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, _cancellationToken);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return new BusTransport(address.UseSsl ? await SecureAsync(stream, address.Host) : stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<SslStream> SecureAsync(NetworkStream stream, string host)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, _cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}
