using System.Net;
using Azure.Core;
using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

internal static class BusClient
{
    /// <summary>The identity is asked only where there is no key.</summary>
    public static ServiceBusClient Create(BusAddress address, BusNetwork network, Func<TokenCredential> identity)
    {
        var options = new ServiceBusClientOptions
        {
            // A proxy knows nothing of AMQP's own ports.
            TransportType = network.WebSockets || network.Proxy is not null ? ServiceBusTransportType.AmqpWebSockets : ServiceBusTransportType.AmqpTcp,
            WebProxy = network.Proxy is { } proxy ? new WebProxy(proxy) { Credentials = CredentialsIn(proxy) } : null,

            // The client is silent while it tries again: long enough for a node that is replaced, short enough to hear of one that is gone.
            RetryOptions = new() { Delay = TimeSpan.FromSeconds(0.5), TryTimeout = TimeSpan.FromSeconds(15) },
        };
        if (address.TlsPort is { } port)
        {
            // The client would go to 5671, whatever the connection string says.
            options.CustomEndpointAddress = new($"sb://{address.Host.Split(':')[0]}:{port}");
        }

        return address.ConnectionString is { } connectionString ? new(connectionString, options) : new(address.Host, identity(), options);
    }

    private static NetworkCredential? CredentialsIn(Uri proxy) => Uri.UnescapeDataString(proxy.UserInfo).Split(':', 2) is [{ Length: > 0 } user, var password]
        ? new(user, password)
        : null;
}

/// <summary>WebSockets go over 443 instead of 5671, and through an HTTP proxy.</summary>
internal sealed record BusNetwork(bool WebSockets = false, Uri? Proxy = null);
