using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Converters;
using Microsoft.Azure.Functions.Worker.Settling;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Settles messages through the Functions host, which holds their locks.</summary>
[InputConverter(typeof(MessageActionsConverter))]
public class ServiceBusMessageActions
{
    private readonly Settlement.SettlementClient? _host;

    internal ServiceBusMessageActions(Settlement.SettlementClient host) => _host = host;

    /// <summary>For a test's recording subclass.</summary>
    protected ServiceBusMessageActions() { }

    private Settlement.SettlementClient Host => _host ?? throw new InvalidOperationException("These actions reach no Functions host.");

    public virtual async Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        await Host.CompleteAsync(new() { Locktoken = message.LockToken }, cancellationToken: cancellationToken);

    /// <exception cref="NotSupportedException">There are properties to modify, which this stand-in does not need.</exception>
    public virtual async Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default)
    {
        Refuse(propertiesToModify);
        await Host.AbandonAsync(new() { Locktoken = message.LockToken }, cancellationToken: cancellationToken);
    }

    /// <exception cref="NotSupportedException">There are properties to modify, which this stand-in does not need.</exception>
    public virtual async Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = default,
        string? deadLetterReason = default,
        string? deadLetterErrorDescription = default,
        CancellationToken cancellationToken = default)
    {
        Refuse(propertiesToModify);
        var request = new DeadletterRequest { Locktoken = message.LockToken, Reason = deadLetterReason, Description = deadLetterErrorDescription };
        await Host.DeadletterAsync(request, cancellationToken: cancellationToken);
    }

    private static void Refuse(IDictionary<string, object>? propertiesToModify)
    {
        if (propertiesToModify is { Count: > 0 })
        {
            throw new NotSupportedException("The stand-in for the Service Bus extension modifies no properties.");
        }
    }
}
