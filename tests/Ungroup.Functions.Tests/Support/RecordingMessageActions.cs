using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace Ungroup.Functions.Tests.Support;

/// <summary>Stands for the host; keeps what the worker asks of it, and may fail.</summary>
internal sealed class RecordingMessageActions(List<string> calls) : ServiceBusMessageActions
{
    /// <summary>Every settlement ends like this; it is recorded all the same.</summary>
    public Func<CancellationToken, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        Record($"complete {message.MessageId}", cancellationToken);

    public override Task AbandonMessageAsync(
        ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        Record($"abandon {message.MessageId}", cancellationToken);

    public override Task DeadLetterMessageAsync(
        ServiceBusReceivedMessage message,
        Dictionary<string, object>? propertiesToModify = null,
        string? deadLetterReason = null,
        string? deadLetterErrorDescription = null,
        CancellationToken cancellationToken = default) =>
        Record($"dead-letter {message.MessageId}: {deadLetterReason}: {deadLetterErrorDescription}", cancellationToken);

    private Task Record(string call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        calls.Add(call);
        return Answer(cancellationToken);
    }
}
