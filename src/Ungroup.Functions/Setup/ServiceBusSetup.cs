using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ungroup.Intake;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.ServiceBus;

namespace Ungroup.Functions.Setup;

/// <summary>One long-lived client for outcomes and one for all else that is sent; the host receives.</summary>
internal static class ServiceBusSetup
{
    /// <summary>The setting with a connection string, or the section with a namespace and the app's identity.</summary>
    public const string Connection = "ServiceBus";

    public static IServiceCollection AddServiceBus(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<Func<ServiceBusClient>>(() => CreateClient(configuration));
        services.AddSingleton(provider => provider.GetRequiredService<Func<ServiceBusClient>>()());
        services.AddSingleton<IOutcomeBus>(provider => new ServiceBusOutcomeBus(provider.GetRequiredService<Func<ServiceBusClient>>(), Topic(configuration)));
        services.AddSingleton<CopySender>();
        services.AddSingleton<QueueSenders>();
        services.AddSingleton<IRequestBus, ServiceBusRequestBus>();
        return services;
    }

    private static ServiceBusClient CreateClient(IConfiguration configuration)
    {
        var (address, problem) = Address(configuration);
        return address is null
            ? throw new OptionsValidationException(Connection, typeof(ServiceBusClientOptions), [problem!])
            : BusClient.Create(address, new(), () => new DefaultAzureCredential(new DefaultAzureCredentialOptions
            {
                ManagedIdentityClientId = configuration[$"{Connection}:clientId"],
            }));
    }

    private static (BusAddress? Address, string? Problem) Address(IConfiguration configuration)
    {
        if ((configuration[$"{Connection}:fullyQualifiedNamespace"] ?? configuration[Connection]) is not { Length: > 0 } text)
        {
            return (null, $"No Service Bus is configured; expected {Connection}__fullyQualifiedNamespace (a host name) or {Connection} (a connection string).");
        }

        return !BusAddress.TryParse(text, out var address, out var problem) ? (null, $"{Connection}: {problem}")
            : address.Excludes(RequestQueues.Removals, RequestQueues.Incidents, RequestQueues.Jobs, Topic(configuration)) is { } other ? (null, $"{Connection}: {other}")
            : (address, null);
    }

    private static string Topic(IConfiguration configuration) => configuration["Outcomes:Topic"] ?? "outcomes";
}
