using Azure.Core;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Jobs.Driving;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Worker;

/// <summary>The worker as a host. <c>worker</c> and <c>sandbox</c> run the same one.</summary>
internal static class WorkerHost
{
    // The longest single call to ECS, and time to settle after it.
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(90);

    public static IHost Build(IConfiguration configuration, WorkerSurroundings surroundings, Action<ILoggingBuilder> logging)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var settings = WorkerSettings.Strict(configuration);
        builder.Logging.AddConfiguration(configuration.GetSection(WorkerSettings.Logging));
        logging(builder.Logging);

        var services = builder.Services;
        services.AddSingleton(surroundings);
        services.TryAddSingleton(surroundings.Clock);
        services.AddUngroup(settings).AddJobs();

        // Made only where the bus is the name of a host, or Ledger:Endpoint is set.
        services.AddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        services.AddOptions<WorkerOptions>().Bind(settings.Values.GetSection(WorkerOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WorkerOptions>, ValidateWorkerOptions>();
        services.AddSingleton<IValidateOptions<WorkerOptions>, ValidateWorkerAddresses>();
        services.AddSingleton(Client);
        services.AddSingleton<IOutcomeBus>(provider => new ServiceBusOutcomeBus(
            () => Client(provider), provider.GetRequiredService<IOptions<WorkerOptions>>().Value.Outcomes));
        services.AddSingleton<QueueSenders>();
        services.AddSingleton<IRequestBus, ServiceBusRequestBus>();
        services.AddSingleton<WorkerEnd>();
        services.AddSingleton<PacedHandler>();
        services.AddHostedService<QueueWorker>();
        services.AddHostedService<SweepTimer>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestDrain);

        // The program handles signals, also for commands that have no host.
        services.AddSingleton<IHostLifetime, NoSignals>();
        return BadSettingsException.Check(builder.Build());
    }

    private static ServiceBusClient Client(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<WorkerOptions>>().Value;
        return BusClient.Create(options.Address, options.Network, provider.GetRequiredService<TokenCredential>);
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
