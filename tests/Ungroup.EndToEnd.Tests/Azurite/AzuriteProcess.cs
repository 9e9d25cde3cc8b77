using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ungroup.EndToEnd.Tests.Interop;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>Azurite's table service, from npm, on a free port and with a directory of its own.</summary>
internal sealed class AzuriteProcess : IAsyncDisposable
{
    // Public knowledge: every emulator has this account.
    private const string Account =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;"
        + "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;";

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ungroup-azurite-");
    private readonly Process _process;
    private readonly int _port = FreePort();

    private AzuriteProcess()
    {
        var start = new ProcessStartInfo("node") { WorkingDirectory = JavaScript.Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])
        [
            "azurite.mjs", "--tableHost", "127.0.0.1", "--tablePort", $"{_port}", "--location", _directory.FullName,
            "--skipApiVersionCheck", "--disableTelemetry", "--silent",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start)!;
        _process.BeginOutputReadLine();
    }

    public string ConnectionString => $"{Account}TableEndpoint=http://127.0.0.1:{_port}/devstoreaccount1;";

    public static bool IsInstalled => File.Exists(Path.Combine(JavaScript.Folder, "node_modules", "azurite", "package.json"));

    public static async Task<AzuriteProcess> StartAsync()
    {
        var azurite = new AzuriteProcess();
        using var time = new CancellationTokenSource(LongestStart, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await azurite.AnswersAsync())
        {
            if (azurite._process.HasExited || !await timer.WaitForNextTickAsync(time.Token))
            {
                throw new InvalidOperationException($"Azurite did not start on port {azurite._port}.");
            }
        }

        return azurite;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _directory.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
