using Ungroup.Messages;
using Ungroup.Simulation.Cloud.Store;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Bus;

/// <summary>
/// A queue with Service Bus semantics: peek-lock, locks that end and are renewed, a delivery count, scheduled messages, and a
/// dead-letter queue after some deliveries. Everything here happens at the broker; the way to it is the worker's business.
/// </summary>
internal sealed class SimulatedBroker(History history, Schedule schedule, SimulatedStore store, QueueSettings settings)
{
    private const string Name = "broker";

    private readonly List<QueuedMessage> _ready = [];
    private readonly List<QueuedMessage> _drivers = [];
    private readonly Dictionary<long, QueuedMessage> _messages = [];
    private readonly KnownIds _ids = new(schedule, settings.IsDeduplicating);
    private long _sequences;
    private long _tokens;

    /// <summary>Messages that are neither completed nor dead-lettered.</summary>
    public int Alive { get; private set; }

    /// <summary>Something may be delivered.</summary>
    public Action Changed { get; set; } = () => { };

    /// <summary>Messages of a queue that nobody holds.</summary>
    public IReadOnlyList<QueuedMessage> Ready(bool ofJobs = false) => ofJobs ? _drivers : _ready;

    /// <summary>Whether a message is gone as soon as it was taken.</summary>
    public Func<Letter, bool> Loses { get; set; } = _ => false;

    public QueueSettings Settings => settings;

    public void Send(Letter letter)
    {
        if (!_ids.Contains(letter.MessageId))
        {
            Enqueue(letter.MessageId, letter, letter.Properties, schedule.Now);
        }
    }

    public bool TakeCopy(Receipt from, PostponedCopy copy)
    {
        var isKnown = _ids.Contains(copy.MessageId);
        if (isKnown)
        {
            history.Count(Incident.CopyDeduplicated);
        }

        var sequence = isKnown ? 0 : Enqueue(copy.MessageId, from.Letter, copy.Properties, copy.ScheduledFor);
        history.Add(Name, new Happening.CopyTaken(from, sequence, copy.MessageId, copy.ScheduledFor));
        return true;
    }

    public Receipt Deliver(QueuedMessage message, string process)
    {
        (message.Letter.Drives is null ? _ready : _drivers).Remove(message);
        var receipt = message.HandTo(process, ++_tokens, schedule.Now + settings.LockFor);
        WatchLock(message, receipt);
        _messages[message.Sequence] = message;
        return receipt;
    }

    /// <summary>The new end of the lock; null when it is lost.</summary>
    public DateTimeOffset? Renew(Receipt receipt)
    {
        if (Held(receipt) is not { } message)
        {
            return null;
        }

        message.LockedUntil = schedule.Now + settings.LockFor;
        WatchLock(message, receipt);
        return message.LockedUntil;
    }

    public void Complete(Receipt receipt)
    {
        if (TakeSettled(receipt) is not null)
        {
            // The store is asked at this very moment: completing cannot be taken back.
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
        _ids.Add(messageId);
        if (Loses(letter))
        {
            history.Add(Name, new Happening.Note($"loses {messageId}"));
            return message.Sequence;
        }

        // A driver may sleep for the days in which its plan can be approved; once that is decided, nobody waits for it to come back.
        var isWaitedFor = at - schedule.Now < TimeSpan.FromDays(1);
        Alive += isWaitedFor ? 1 : 0;
        schedule.At(at, () =>
        {
            Alive += isWaitedFor ? 0 : 1;
            message.EnqueuedAt = schedule.Now;
            MakeReady(message);
        });
        return message.Sequence;
    }

    private void MakeReady(QueuedMessage message)
    {
        message.Holder = null;
        (message.Letter.Drives is null ? _ready : _drivers).Add(message);
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
        if (message.DeliveryCount < settings.MostDeliveries)
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
