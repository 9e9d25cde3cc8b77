namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>Somebody who receives. Credit is how many messages it still takes; only the queue's loop touches it.</summary>
internal sealed class Consumer(SubQueueName place, bool removes, Action<Delivery> deliver, Func<int> drain)
{
    public SubQueueName Place => place;

    /// <summary>Receive-and-delete: the message leaves the queue when it is handed over.</summary>
    public bool Removes => removes;

    public int Credit { get; set; }

    /// <summary>The receiver wants what there is now and its remaining credit taken back.</summary>
    public bool IsDraining { get; set; }

    public void Deliver(Delivery delivery) => deliver(delivery);

    /// <summary>Gives back unused credit and says how much that was.</summary>
    public int Drain() => drain();
}
