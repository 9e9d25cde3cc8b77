using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Ecs.Credentials;
using Ungroup.Ecs.Wire;
using Ungroup.Ledger;
using Ungroup.Quotas;

namespace Ungroup.Ecs.Changes;

/// <summary>Services that are registered before stay.</summary>
internal static class EcsSetup
{
    /// <summary>The key of the <see cref="HttpMessageHandler"/> for ECS and STS.</summary>
    public const string Handler = "ecs";

    /// <summary>The key of the one for endpoints of this machine, without a proxy.</summary>
    public const string Local = "local";

    public static IServiceCollection AddEcs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<EcsOptions>().Bind(configuration.GetSection(EcsOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EcsOptions>, ValidateEcsOptions>();
        services.AddSingleton<IValidateOptions<EcsOptions>, EcsOptionsFit>();
        services.AddOptions<AccountsOptions>().Bind(configuration).ValidateOnStart();
        services.AddSingleton<IPostConfigureOptions<AccountsOptions>, AccountsFromEnvironment>();
        services.AddSingleton<IValidateOptions<AccountsOptions>, ValidateAccountsOptions>();

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Func<double>>(Chance);
        services.TryAddSingleton<EnvironmentVariables>(name => configuration[name]);
        services.TryAddKeyedSingleton<HttpMessageHandler>(Handler, (_, _) => EcsTransport.CreateHandler());
        services.TryAddKeyedSingleton<HttpMessageHandler>(Local, (_, _) => EcsTransport.CreateLocalHandler());

        services.AddOptionsWithValidateOnStart<PaceOptions, ValidatePaceOptions>().Bind(configuration.GetSection(PaceOptions.Section));
        services.AddSingleton<IValidateOptions<PaceOptions>, ValidateQuotas>();
        services.TryAddSingleton(_ => LedgerOwner.New());
        services.AddSingleton<QuotaLimiters>();
        services.AddSingleton<CircuitRegistry>();
        services.AddSingleton<CallPermits>();
        services.AddSingleton<Waits>();
        services.AddSingleton(provider => new Issuing(
            new HttpMessageInvoker(provider.GetRequiredKeyedService<HttpMessageHandler>(Handler), disposeHandler: false),
            new HttpMessageInvoker(provider.GetRequiredKeyedService<HttpMessageHandler>(Local), disposeHandler: false),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<Func<double>>(),
            provider.GetRequiredService<ILogger<RefreshingCredentials>>()));
        services.AddSingleton(provider => ConfiguredAccounts.Of(
            provider.GetRequiredService<IOptions<AccountsOptions>>().Value,
            provider.GetRequiredService<IOptions<EcsOptions>>().Value,
            provider.GetRequiredService<EnvironmentVariables>(),
            provider.GetRequiredService<Issuing>()));
        services.AddSingleton<EcsPipeline>();
        services.AddSingleton<DeliveryTries>();
        services.AddSingleton<RemovalProcedure>();
        services.AddSingleton(provider => new EcsClient(
            provider.GetRequiredKeyedService<HttpMessageHandler>(Handler),
            provider.GetRequiredService<Accounts>(),
            provider.GetRequiredService<IOptions<EcsOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EcsClient>>()));
        return services;
    }

    private static double Chance() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;
}
