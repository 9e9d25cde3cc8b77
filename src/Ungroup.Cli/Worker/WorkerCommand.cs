using System.CommandLine;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Ungroup.ServiceBus;
using Ungroup.Settings;

namespace Ungroup.Cli.Worker;

internal static class WorkerCommand
{
    public static Command Build(Shell shell)
    {
        var settings = new SettingOptions();
        var command = new Command("worker", "Works on removal requests from Azure Service Bus.");
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
            if (await FindProblemsAsync(host.Services, shell, stop) is { Count: > 0 } problems)
            {
                return shell.Refuse(problems);
            }

            var end = host.Services.GetRequiredService<WorkerEnd>();
            await host.Services.GetRequiredService<InForce>().SayAsync(BusInForce(host.Services.GetRequiredService<IOptions<WorkerOptions>>().Value), stop);
            await host.RunAsync(stop);
            return end.HasGivenUp ? ExitCode.NotDone : ExitCode.Done;
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Done;
        }
    }

    // Before anything is begun: a worker with a wrong key would look like one that has nothing to do.
    private static Task<IReadOnlyList<string>> FindProblemsAsync(IServiceProvider services, Shell shell, CancellationToken stop)
    {
        var options = services.GetRequiredService<IOptions<WorkerOptions>>().Value;
        var check = new BusCheck(
            services.GetRequiredService<ServiceBusClient>(), options.Address, new Redial(shell.Clock, shell.Chance), shell.Clock)
        {
            Patience = TimeSpan.FromSeconds(30),
            Away = reason => shell.Error.WriteLine($"ungroup: {reason}"),
        };
        return check.FindProblemsAsync(options.QueueNames, options.SentTo, stop);
    }

    private static string BusInForce(WorkerOptions worker) => $"{worker.Address}, {string.Join(", ", worker.QueueNames)} to {worker.Outcomes}";

    private static void Log(ILoggingBuilder logging)
    {
        logging.AddFilter("System.Net.Http", LogLevel.Warning).AddFilter("Microsoft", LogLevel.Warning);
        logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
    }
}
