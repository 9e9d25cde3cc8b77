using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Ledgers;

/// <summary>Azurite's table service, in a process of its own.</summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    public const string HowToInstall =
        "The Table ledger is left out: install Node.js 20 or newer and run `npm ci` in tests/Ungroup.EndToEnd.Tests/Interop.";

    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "Ungroup.EndToEnd.Tests", "Interop");
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess _node;
    private readonly DirectoryInfo _home;
    private readonly int _port;

    private AzuriteServer(ChildProcess node, DirectoryInfo home, int port) => (_node, _home, _port) = (node, home, port);

    /// <summary>The account that every emulator has.</summary>
    public string ConnectionString =>
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
        + $"TableEndpoint=http://127.0.0.1:{_port}/devstoreaccount1;";

    /// <summary>Null where it is not installed.</summary>
    public static async Task<AzuriteServer?> StartAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "azurite")))
        {
            return null;
        }

        // Beside the program and not under /tmp, which may be memory.
        var home = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"azurite-{Guid.NewGuid():N}"));
        var port = FreePort();
        try
        {
            var node = ChildProcess.Start(
                "node", Path.Combine(Folder, "azurite.mjs"), "--tableHost", "127.0.0.1", "--tablePort", $"{port}", "--location", home.FullName,
                "--skipApiVersionCheck", "--disableTelemetry", "--silent");
            node.Drain();
            await AnswerAsync(port);
            return new(node, home, port);
        }
        catch (Win32Exception)
        {
            // There is no node.
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _home.Delete(recursive: true);
    }

    private static async Task AnswerAsync(int port)
    {
        using var time = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, time.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(Glance, TimeProvider.System, time.Token);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
