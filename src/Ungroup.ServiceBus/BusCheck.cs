using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

/// <summary>Asks the bus once, before anything is begun, whether it takes the key and has the queues.</summary>
internal sealed class BusCheck(ServiceBusClient client, BusAddress address, Redial redial, TimeProvider clock)
{
    public TimeSpan Patience { get; init; } = TimeSpan.Zero;

    /// <summary>Hears once of each reason why the bus cannot be reached.</summary>
    public Action<string> Away { get; init; } = _ => { };

    /// <returns>A sentence for each entity that cannot be used.</returns>
    public async Task<IReadOnlyList<string>> FindProblemsAsync(
        IEnumerable<string> queues, IEnumerable<string> sentTo, CancellationToken stop)
    {
        var problems = new List<string>();
        var until = clock.GetUtcNow() + Patience;
        foreach (var (entity, ask) in queues.Select(queue => (queue, Ask: (Func<Task>)(() => LookAsync(queue, stop))))
            .Concat(sentTo.Select(entity => (entity, (Func<Task>)(() => AttachAsync(entity, stop))))))
        {
            if (await FindProblemAsync(ask, reason => Away($"{entity} at {address}: {reason}; trying again"), until, stop) is { } problem)
            {
                problems.Add($"{entity} at {address} cannot be used: {problem}.");
            }
        }

        return problems;
    }

    private async Task<string?> FindProblemAsync(Func<Task> ask, Action<string> away, DateTimeOffset until, CancellationToken stop)
    {
        string? said = null;
        while (true)
        {
            try
            {
                await ask();
                return null;
            }
            catch (Exception error) when (BusFailure.Is(error))
            {
                var reason = BusFailure.Say(error);
                if (BusFailure.IsPermanent(error) || clock.GetUtcNow() >= until)
                {
                    return reason;
                }

                if (reason != said)
                {
                    away(said = reason);
                }
            }

            await redial.WaitAsync(stop);
            stop.ThrowIfCancellationRequested();
        }
    }

    private async Task LookAsync(string queue, CancellationToken stop)
    {
        await using var receiver = client.CreateReceiver(queue);
        await receiver.PeekMessageAsync(cancellationToken: stop);
    }

    private async Task AttachAsync(string entity, CancellationToken stop)
    {
        await using var sender = client.CreateSender(entity);
        using var unsent = await sender.CreateMessageBatchAsync(stop);
    }
}
