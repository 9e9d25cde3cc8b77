using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ungroup.Outcomes;

namespace Ungroup.Functions;

/// <summary>One long-lived client for all that is sent; receiving is the host's business.</summary>
internal static class ServiceBusSetup
{
    /// <summary>The setting a connection is read from: a connection string, or a namespace and the app's identity.</summary>
    public const string Connection = "ServiceBus";

    public static IServiceCollection AddServiceBus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(_ => CreateClient(configuration));
        services.AddSingleton<IOutcomeBus>(provider => new ServiceBusOutcomeBus(
            provider.GetRequiredService<ServiceBusClient>().CreateSender(configuration["Outcomes:Topic"] ?? "outcomes")));
        services.AddSingleton(_ => new HostConcurrency(configuration));
        services.AddSingleton<SettlementActions>();
        services.AddSingleton<CopySender>();
        services.AddSingleton<IntakeSender>();
        services.AddSingleton<QueueSenders>();
        return services;
    }

    private static ServiceBusClient CreateClient(IConfiguration configuration)
    {
        if (configuration[$"{Connection}:fullyQualifiedNamespace"] is { Length: > 0 } host)
        {
            return new(host, new DefaultAzureCredential(new DefaultAzureCredentialOptions
            {
                ManagedIdentityClientId = configuration[$"{Connection}:clientId"],
            }));
        }

        return configuration[Connection] is { Length: > 0 } connectionString
            ? new(connectionString)
            : throw new OptionsValidationException(
                Connection,
                typeof(ServiceBusClientOptions),
                [$"No Service Bus is configured; expected {Connection}__fullyQualifiedNamespace (a host name) or {Connection} (a connection string)."]);
    }
}
