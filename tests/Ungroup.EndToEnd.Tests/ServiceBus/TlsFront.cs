using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

/// <summary>TLS in front of a broker that has none, with a certificate of its own for <c>localhost</c>.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly X509Certificate2 _certificate;
    private readonly int _broker;
    private readonly Task _accepting;

    /// <param name="broker">The port of the broker on this machine.</param>
    public TlsFront(int broker)
    {
        _broker = broker;
        _certificate = CreateCertificate();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What somebody has to trust, as a file of certificates has it.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _certificate.Dispose();
        _ending.Dispose();
    }

    private static X509Certificate2 CreateCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
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

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            await using var secure = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await secure.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _ending.Token);
            using var broker = new TcpClient();
            await broker.ConnectAsync(IPAddress.Loopback, _broker, _ending.Token);
            await using var plain = broker.GetStream();
            await Task.WhenAny(secure.CopyToAsync(plain, _ending.Token), plain.CopyToAsync(secure, _ending.Token));
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // A client that trusts nobody, or the end of the test.
        }
    }
}
