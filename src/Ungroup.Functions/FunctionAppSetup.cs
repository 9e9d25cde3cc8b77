using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ungroup.Functions.Http;
using Ungroup.Functions.Http.Holds;
using Ungroup.Functions.Http.Jobs;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Invocations;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Setup;
using Ungroup.Jobs.Driving;
using Ungroup.Settings;

namespace Ungroup.Functions;

internal static class FunctionAppSetup
{
    public static FunctionsApplicationBuilder AddFunctionApp(this FunctionsApplicationBuilder builder)
    {
        // Outside of the HTTP middleware: an HTTP call has ended when its answer is written.
        builder.UseMiddleware<CountInvocations>();
        builder.UseMiddleware<InvocationLogScope>();
        builder.ConfigureFunctionsWebApplication();
        builder.Configuration.WithLedgerDefaults();
        builder.Services
            .AddUngroup(StrictSettings.Read(builder.Configuration, FunctionAppSettings.Surroundings))
            .AddJobs()
            .AddServiceBus(builder.Configuration)
            .AddDoors(builder.Configuration)
            .AddLedgerIdentity(builder.Configuration)
            .AddDrain()
            .AddTelemetry(builder.Configuration)
            .WithoutDataProtection();
        return builder;
    }

    public static IServiceCollection AddDoors(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(_ => new HostConcurrency(configuration))
        .AddSingleton<SettlementActions>()
        .AddSingleton<IntakeSender>()
        .AddSingleton<HttpIntake>()
        .AddSingleton<HttpHolds>()
        .AddSingleton<HttpJobs>()
        .AddSingleton<SignIn>();

    // Registered last and so stopped first, while what has begun can still be settled.
    public static IServiceCollection AddDrain(this IServiceCollection services) =>
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());

    // MVC brings it, and it makes a key at start, in the home folder and with a warning, that nothing here needs.
    private static IServiceCollection WithoutDataProtection(this IServiceCollection services)
    {
        foreach (var service in services.Where(IsDataProtectionAtStart).ToList())
        {
            services.Remove(service);
        }

        return services;
    }

    private static bool IsDataProtectionAtStart(ServiceDescriptor service) =>
        service.ServiceType == typeof(IHostedService) && !service.IsKeyedService
        && service.ImplementationType?.Namespace?.StartsWith("Microsoft.AspNetCore.DataProtection", StringComparison.Ordinal) == true;
}
