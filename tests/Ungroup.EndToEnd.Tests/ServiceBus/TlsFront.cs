using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

/// <summary>TLS in front of a broker that has none, with a certificate of its own for <c>localhost</c>.</summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly X509Certificate2 _certificate = CreateCertificate();
    private readonly TcpFront _front;

    /// <param name="broker">The port of the broker on this machine.</param>
    public TlsFront(int broker) => _front = new((client, ending) => ServeAsync(client, broker, ending));

    public int Port => _front.Port;

    /// <summary>The certificates that somebody has to trust, as a file has them.</summary>
    public string Pem => _certificate.ExportCertificatePem();

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        _certificate.Dispose();
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

    private async Task ServeAsync(NetworkStream client, int port, CancellationToken ending)
    {
        try
        {
            await using var secure = new SslStream(client);
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, ending);
            using var broker = new TcpClient();
            await broker.ConnectAsync(IPAddress.Loopback, port, ending);
            await using var plain = broker.GetStream();
            await Task.WhenAny(secure.CopyToAsync(plain, ending), plain.CopyToAsync(secure, ending));
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // A client that trusts nobody, or the end of the test.
        }
    }
}
