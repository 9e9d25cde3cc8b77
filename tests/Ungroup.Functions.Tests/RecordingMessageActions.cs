using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Ungroup.Functions.Tests;

internal sealed class RecordingMessageActions(List<string> calls) : ServiceBusMessageActions
{
    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        calls.Add($"complete {message.MessageId}");
        return Task.CompletedTask;
    }

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        calls.Add($"dead-letter {message.MessageId}: {deadLetterReason}: {deadLetterErrorDescription}");
        return Task.CompletedTask;
    }
}
