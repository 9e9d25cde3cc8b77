using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Ungroup.Cli.Worker;
using Ungroup.Messages;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Jobs;

/// <summary>The workers' bus, opened once something is sent: who looks at jobs needs none.</summary>
internal sealed class LateBus(WorkerOptions options, Shell shell) : IRequestBus, IAsyncDisposable
{
    private readonly Lazy<ServiceBusClient> _client = new(() => BusClient.Create(options.Address, options.Network, () => new DefaultAzureCredential()));

    /// <summary>Why no message can be sent, as far as the settings show; a sentence each.</summary>
    public IReadOnlyList<string> Missing => [.. options.Problems([QueueNames.Jobs])];

    /// <summary>Why the queue of jobs cannot be used now; a sentence each.</summary>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken stop) => Missing is { Count: > 0 } missing ? missing
        : await new BusCheck(_client.Value, options.Address, new Redial(shell.Clock, shell.Chance), shell.Clock).FindProblemsAsync([], [QueueNames.Jobs], stop);

    public Task SendAsync(string queue, IReadOnlyList<OutgoingRequest> messages, CancellationToken cancellationToken) =>
        new ServiceBusRequestBus(new(_client.Value), shell.Clock).SendAsync(queue, messages, cancellationToken);

    public ValueTask DisposeAsync() => _client.IsValueCreated ? _client.Value.DisposeAsync() : default;
}
