using System.Net.Security;
using System.Net.Sockets;
using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>Connects to a broker, over TLS where its address says so.</summary>
internal sealed class BusTransports : TransportProvider
{
    private readonly TimeProvider _clock;
    private readonly CancellationToken _cancellationToken;

    public BusTransports(TimeProvider clock, CancellationToken cancellationToken)
    {
        (_clock, _cancellationToken) = (clock, cancellationToken);
        AddressSchemes = ["amqp", "amqps"];
    }

    public override async Task<IAsyncTransport> CreateAsync(Address address)
    {
        using var patience = new CancellationTokenSource(BusConnection.Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
            var stream = new NetworkStream(socket, ownsSocket: true);
            return new BusTransport(address.UseSsl ? await SecureAsync(stream, address.Host, either.Token) : stream, _clock);
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is OperationCanceledException && !_cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException();
            }

            throw;
        }
    }

    private static async Task<SslStream> SecureAsync(NetworkStream stream, string host, CancellationToken cancellationToken)
    {
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, cancellationToken);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync();
            throw;
        }
    }
}
