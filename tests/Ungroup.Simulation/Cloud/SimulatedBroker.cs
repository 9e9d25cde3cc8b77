using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud;

/// <summary>
/// A queue with Service Bus semantics: peek-lock, locks that end and are renewed, a delivery count, scheduled messages, and a
/// dead-letter queue after ten deliveries. Everything here happens at the broker; the way to it is the worker's business.
/// </summary>
internal sealed class SimulatedBroker(History history, Schedule schedule, SimulatedStore store, TimeSpan lockFor, bool isDeduplicating)
{
    private const int MostDeliveries = 10;
    private const string Name = "broker";

    /// <summary>How long an id is known, where ids are.</summary>
    public static readonly TimeSpan RemembersFor = TimeSpan.FromMinutes(10);

    private readonly List<QueuedMessage> _ready = [];
    private readonly Dictionary<long, QueuedMessage> _messages = [];
    private readonly Dictionary<string, DateTimeOffset> _ids = [];
    private long _sequences;
    private long _tokens;

    /// <summary>Messages that are neither completed nor dead-lettered.</summary>
    public int Alive { get; private set; }

    /// <summary>Something may be delivered.</summary>
    public Action Changed { get; set; } = () => { };

    public int Ready => _ready.Count;

    public bool IsDeduplicating => isDeduplicating;

    public void Send(Letter letter)
    {
        if (!isDeduplicating || !_ids.TryGetValue(letter.MessageId, out var seen) || schedule.Now - seen >= RemembersFor)
        {
            Enqueue(letter.MessageId, letter, new Dictionary<string, object?>(), schedule.Now);
        }
    }

    public bool TakeCopy(Receipt from, PostponedCopy copy)
    {
        if (isDeduplicating && _ids.TryGetValue(copy.MessageId, out var seen) && schedule.Now - seen < RemembersFor)
        {
            history.Count(Incident.CopyDeduplicated);
            history.Add(Name, new Happening.CopyTaken(from, 0, copy.MessageId, copy.ScheduledFor));
            return true;
        }

        var sequence = Enqueue(copy.MessageId, from.Letter, copy.Properties, copy.ScheduledFor);
        history.Add(Name, new Happening.CopyTaken(from, sequence, copy.MessageId, copy.ScheduledFor));
        return true;
    }

    public Receipt Deliver(int index, string process)
    {
        var message = _ready[index];
        _ready.RemoveAt(index);
        message.DeliveryCount++;
        message.LockedUntil = schedule.Now + lockFor;
        message.Holder = new(message.Sequence, message.MessageId, message.DeliveryCount, ++_tokens, process, message.Letter)
        {
            LockedUntil = message.LockedUntil,
            Delivery = new()
            {
                MessageId = message.MessageId,
                Body = message.Letter.Body,
                ContentType = "application/json",
                DeliveryCount = message.DeliveryCount,
                EnqueuedAt = message.EnqueuedAt,
                Properties = message.Properties,
            },
        };
        WatchLock(message, message.Holder);
        _messages[message.Sequence] = message;
        return message.Holder;
    }

    /// <summary>The new end of the lock; null when it is lost.</summary>
    public DateTimeOffset? Renew(Receipt receipt)
    {
        if (Held(receipt) is not { } message)
        {
            return null;
        }

        message.LockedUntil = schedule.Now + lockFor;
        WatchLock(message, receipt);
        return message.LockedUntil;
    }

    public void Complete(Receipt receipt)
    {
        if (TakeSettled(receipt) is not null)
        {
            // What is durable is asked at this very moment: completing is what cannot be taken back.
            history.Add(Name, new Happening.Completed(receipt, receipt.Letter.Key is { } key ? store.Peek(key)?.Record : null));
        }
    }

    public void DeadLetter(Receipt receipt, string reason)
    {
        if (TakeSettled(receipt) is not null)
        {
            history.Add(Name, new Happening.DeadLettered(receipt, reason));
        }
    }

    public void Release(Receipt receipt, bool onDrain)
    {
        if (Held(receipt) is { } message)
        {
            history.Add(Name, new Happening.GivenBack(receipt, onDrain));
            TakeBack(message, receipt);
        }
    }

    private QueuedMessage? Held(Receipt receipt) =>
        _messages.GetValueOrDefault(receipt.Sequence) is { HasEnded: false } message && message.Holder == receipt ? message : null;

    private QueuedMessage? TakeSettled(Receipt receipt)
    {
        var message = Held(receipt);
        if (message is null)
        {
            history.Count(Incident.SettledTooLate);
            return null;
        }

        End(message);
        return message;
    }

    private long Enqueue(string messageId, Letter letter, IReadOnlyDictionary<string, object?> properties, DateTimeOffset at)
    {
        var message = new QueuedMessage(++_sequences, messageId, letter, properties);
        _ids[messageId] = schedule.Now;
        Alive++;
        schedule.At(at, () =>
        {
            message.EnqueuedAt = schedule.Now;
            MakeReady(message);
        });
        return message.Sequence;
    }

    private void MakeReady(QueuedMessage message)
    {
        message.Holder = null;
        _ready.Add(message);
        Changed();
    }

    private void WatchLock(QueuedMessage message, Receipt receipt) => schedule.At(message.LockedUntil, () =>
    {
        if (Held(receipt) == message && message.LockedUntil <= schedule.Now)
        {
            history.Count(Incident.LockExpired);
            history.Add(Name, new Happening.LockExpired(receipt));
            TakeBack(message, receipt);
        }
    });

    private void TakeBack(QueuedMessage message, Receipt receipt)
    {
        if (message.DeliveryCount < MostDeliveries)
        {
            MakeReady(message);
            return;
        }

        End(message);
        history.Count(Incident.DeliveriesUsedUp);
        history.Add(Name, new Happening.DeadLettered(receipt, "MaxDeliveryCountExceeded"));
    }

    private void End(QueuedMessage message)
    {
        message.HasEnded = true;
        message.Holder = null;
        Alive--;
    }
}
