using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ungroup.Functions;

/// <summary>All that the app is made of.</summary>
internal static class FunctionAppSetup
{
    public static FunctionsApplicationBuilder AddFunctionApp(this FunctionsApplicationBuilder builder)
    {
        builder.ConfigureFunctionsWebApplication();
        builder.Configuration.WithLedgerDefaults();
        builder.Services
            .AddUngroup(builder.Configuration)
            .AddServiceBus(builder.Configuration)
            .AddLedgerIdentity(builder.Configuration)
            .AddHostedService<SharePace>()
            .AddDrain()
            .AddTelemetry(builder.Configuration);
        builder.UseMiddleware<CountInvocations>();
        return builder;
    }

    // Registered last and so stopped first, while what has begun can still be settled.
    public static IServiceCollection AddDrain(this IServiceCollection services) =>
        services.AddSingleton<Drain>().AddHostedService(provider => provider.GetRequiredService<Drain>());
}
