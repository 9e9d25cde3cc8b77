namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>Hands ready messages to consumers in turn, one each, so that a greedy one does not starve the others.</summary>
internal sealed class Dispatcher(QueueState state)
{
    private readonly List<Consumer> _consumers = [];
    private int _next;

    public void Add(Consumer consumer) => _consumers.Add(consumer);

    public void Remove(Consumer consumer) => _consumers.Remove(consumer);

    /// <summary>At most <paramref name="limit"/> deliveries, to be handed over once they are committed.</summary>
    public int Dispatch(DateTimeOffset now, int limit, List<Action> afterCommit)
    {
        var count = 0;
        while (count < limit && NextConsumer() is { } consumer && state.Take(consumer.Place, consumer.Removes, now) is { } delivery)
        {
            consumer.Credit--;
            count++;
            afterCommit.Add(() => consumer.Deliver(delivery));
        }

        return count;
    }

    /// <summary>
    /// Ends the drains that nothing is left for. The credit given back may include some whose grant is still waiting in
    /// the queue's channel; it then goes below zero and that grant brings it back.
    /// </summary>
    public void Drain()
    {
        foreach (var consumer in _consumers)
        {
            if (consumer.IsDraining && (consumer.Credit <= 0 || !state.HasReady(consumer.Place)))
            {
                consumer.IsDraining = false;
                consumer.Credit -= consumer.Drain();
            }
        }
    }

    private Consumer? NextConsumer()
    {
        for (var i = 0; i < _consumers.Count; i++)
        {
            var consumer = _consumers[(_next + i) % _consumers.Count];
            if (consumer.Credit > 0 && state.HasReady(consumer.Place))
            {
                _next = (_next + i + 1) % _consumers.Count;
                return consumer;
            }
        }

        return null;
    }
}
