using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Pace;

namespace Ungroup.Ecs;

/// <summary>Registers everything that talks to ECS, and what paces it. What is registered before stays.</summary>
internal static class EcsSetup
{
    /// <summary>The key of the <see cref="HttpMessageHandler"/> that calls go through.</summary>
    public const string Handler = "ecs";

    public static IServiceCollection AddEcs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EcsOptions>().Bind(configuration.GetSection(EcsOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EcsOptions>, ValidateEcsOptions>();
        services.AddSingleton<IValidateOptions<EcsOptions>, EcsOptionsFit>();
        services.AddOptions<AccountsOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccountsOptions>, ValidateAccountsOptions>();

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Func<double>>(Chance);
        services.TryAddSingleton<EnvironmentVariables>(name => configuration[name]);
        services.TryAddKeyedSingleton<HttpMessageHandler>(Handler, (_, _) => EcsTransport.CreateHandler());

        services.AddSingleton<Gates>();
        services.AddSingleton<Waits>();
        services.AddSingleton<Accounts>();
        services.AddSingleton<EcsPipeline>();
        services.AddSingleton<RemovalProcedure>();
        services.AddSingleton(provider => new EcsClient(
            provider.GetRequiredKeyedService<HttpMessageHandler>(Handler),
            provider.GetRequiredService<Accounts>(),
            provider.GetRequiredService<IOptions<EcsOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EcsClient>>()));
        return services;
    }

    /// <summary>From 0 up to, and without, 1.</summary>
    private static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
