using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Jobs;

/// <summary>Azurite's table service, which prints a line for each request that it has answered.</summary>
internal sealed class AzuriteTables : IAsyncDisposable
{
    // Public knowledge: every emulator has this account.
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ungroup-azurite-");
    private readonly Process _process;
    private readonly int _port = FreePort();
    private long _requests;

    private AzuriteTables()
    {
        _process = Process.Start(new ProcessStartInfo(
            "node", ["azurite.mjs", "--tableHost", "127.0.0.1", "--tablePort", $"{_port}", "--location", _directory.FullName, "--skipApiVersionCheck", "--disableTelemetry"])
        {
            WorkingDirectory = Path.Combine(Checkout.Root, "tests", "Ungroup.EndToEnd.Tests", "Interop"),
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += (_, line) => _ = line.Data?.Contains("HTTP/1.1\"", StringComparison.Ordinal) == true ? Interlocked.Increment(ref _requests) : 0;
        _process.BeginOutputReadLine();
    }

    public string ConnectionString => $"{Account}TableEndpoint=http://127.0.0.1:{_port}/devstoreaccount1;";

    /// <summary>A batch is one.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    public static async Task<AzuriteTables> StartAsync()
    {
        var tables = new AzuriteTables();
        while (!tables._process.HasExited)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, tables._port);
                return tables;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }

        throw new InvalidOperationException("Azurite did not start: run `npm ci` in tests/Ungroup.EndToEnd.Tests/Interop.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
