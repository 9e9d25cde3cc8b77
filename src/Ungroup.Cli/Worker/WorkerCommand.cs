using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Ungroup.Cli.Amqp;
using Ungroup.Settings;

namespace Ungroup.Cli.Worker;

/// <summary><c>ungroup worker</c>.</summary>
internal static class WorkerCommand
{
    public static Command Build(Shell shell)
    {
        var settings = new SettingOptions();
        var command = new Command("worker", "Works on removal requests from any AMQP 1.0 broker with Service Bus semantics.");
        settings.AddTo(command);
        command.SetAction((arguments, stop) => RunAsync(settings, arguments, shell, stop));
        return command;
    }

    private static async Task<int> RunAsync(SettingOptions settings, ParseResult arguments, Shell shell, CancellationToken stop)
    {
        try
        {
            var surroundings = new WorkerSurroundings(shell.Clock, shell.Chance, DeliveryWatch.None, shell.Out.WriteLine);
            using var host = WorkerHost.Build(settings.Read(arguments), surroundings, Log);
            var end = host.Services.GetRequiredService<WorkerEnd>();
            host.Services.GetRequiredService<InForce>().Say(BusInForce(host.Services.GetRequiredService<IOptions<WorkerOptions>>().Value));
            await host.RunAsync(stop);
            return end.HasGivenUp ? ExitCode.NotDone : ExitCode.Done;
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
    }

    private static string BusInForce(WorkerOptions worker) => $"{worker.Address}, {string.Join(" and ", worker.QueueNames)} to {worker.Outcomes}";

    private static void Log(ILoggingBuilder logging)
    {
        logging.AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning);
        logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
    }
}
