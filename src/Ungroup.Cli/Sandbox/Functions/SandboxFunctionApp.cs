using Microsoft.Extensions.Logging;
using Ungroup.Cli.Sandbox.Screen;
using Ungroup.Cli.Terminal;
using Ungroup.Cli.Worker;
using Ungroup.FunctionsHost;

namespace Ungroup.Cli.Sandbox.Functions;

internal sealed class SandboxFunctionApp : ISandboxHost
{
    private readonly LaptopHost _host;
    private readonly AppLedger _ledger;

    private SandboxFunctionApp(LaptopHost host, AppLedger ledger) => (_host, _ledger) = (host, ledger);

    public PaceLine? Pace => null;

    public bool CountsCalls => false;

    public Task Completion => _host.Completion;

    public static async Task<SandboxFunctionApp> StartAsync(FunctionAppSurroundings around, DeliveryWatch watch, CancellationToken cancellationToken)
    {
        var folder = FunctionAppFolder.Find(AppContext.BaseDirectory);
        around.Narrator.Say("host", "stands in for the Azure Functions host, on this machine and for this run");
        var started = around.Clock.GetTimestamp();
        var deliveries = new HostedDeliveries(watch, around.Cloud.Sent);
        var ledger = new AppLedger(around.Settings.Ledger, around.Data);
        try
        {
            var host = await LaptopHost.StartAsync(Options(folder, around, deliveries, ledger), cancellationToken);
            around.Narrator.Say("app", $"{string.Join(", ", host.Functions)}; ready after {around.Clock.GetElapsedTime(started).TotalSeconds:0.0} s, process {host.WorkerProcessId}");
            if (host.HttpAddress is { } address)
            {
                around.Narrator.Offer("http", $"{address}api/removals   x-functions-key: {host.Key}");
            }

            return new(host, ledger);
        }
        catch (FunctionsHostException failed)
        {
            ledger.Dispose();
            throw new SandboxRefusedException(failed.Message);
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _ledger.Dispose();
    }

    private static FunctionsHostOptions Options(string folder, FunctionAppSurroundings around, HostedDeliveries deliveries, AppLedger ledger)
    {
        var settings = FunctionAppSettings.Values(around.Cloud.Broker.ConnectionString, around.Cloud.Ecs!, around.Accounts);
        foreach (var (name, value) in ledger.Settings)
        {
            settings[name] = value;
        }

        return new()
        {
            AppDirectory = folder,
            Settings = settings,
            HttpPort = around.Settings.HttpPort,
            Key = around.Data?.FunctionKey,
            Clock = around.Clock,
            Watch = new()
            {
                Began = deliveries.Began,
                Settled = deliveries.Settled,
                Logged = line => Show(line, around),
                Told = around.Narrator.Warn,
            },
        };
    }

    private static void Show(AppLogLine line, FunctionAppSurroundings around)
    {
        if (line.Level >= LogLevel.Warning)
        {
            around.Narrator.Warn(line.Message.ReplaceLineEndings(" "));
        }
        else if (around.Settings.Logs)
        {
            around.Narrator.Say("app", Cleaned.Markup(line.Message));
        }
    }
}

internal sealed record FunctionAppSurroundings(
    SandboxSettings Settings, DataDirectory? Data, Cloud Cloud, IEnumerable<KeyValuePair<string, string?>> Accounts, Narrator Narrator)
{
    public required TimeProvider Clock { get; init; }
}
