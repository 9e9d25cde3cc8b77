namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>
/// The rules of one queue and its dead-letter queue, on one thread and without input or output: time comes in as a
/// parameter and what must be written comes out as <see cref="Changes"/>.
/// </summary>
internal sealed class QueueState(QueueOptions options)
{
    private readonly SubQueue _main = new(options.LockDuration);
    private readonly SubQueue _deadLetters = new(options.LockDuration);

    public QueueChanges Changes { get; } = new();

    public DateTimeOffset? NextDue =>
        (_main.NextDue, _deadLetters.NextDue) is ({ } a, { } b) ? (a < b ? a : b) : _main.NextDue ?? _deadLetters.NextDue;

    public QueueCounts Counts() => new(
        options.Name,
        Active: _main.Count - _main.Locks.Count - _main.Scheduled.Count,
        _main.Locks.Count,
        _main.Scheduled.Count,
        _deadLetters.Count);

    public bool HasReady(SubQueueName place) => In(place).HasReady;

    public void Restore(IEnumerable<QueuedMessage> messages, long nextSequence)
    {
        Changes.NextSequence = nextSequence;
        foreach (var message in messages)
        {
            In(message.Place).Add(message);
        }
    }

    public IReadOnlyList<long> Enqueue(IReadOnlyList<NewMessage> messages, DateTimeOffset now)
    {
        var sequences = new long[messages.Count];
        for (var i = 0; i < sequences.Length; i++)
        {
            var added = messages[i];
            var message = new QueuedMessage
            {
                Sequence = sequences[i] = Changes.NextSequence++,
                Payload = added.Payload,
                EnqueuedAt = now,
                TimeToLive = added.TimeToLive,
                ScheduledFor = added.ScheduledFor > now ? added.ScheduledFor : null,
                State = added.ScheduledFor > now ? MessageState.Scheduled : MessageState.Active,
            };
            _main.Add(message);
            Changes.Touch(message);
        }

        return sequences;
    }

    /// <summary>The oldest ready message, locked, or removed at once for a receiver that wants no lock.</summary>
    public Delivery? Take(SubQueueName place, bool remove, DateTimeOffset now) =>
        In(place).TryTakeReady(out var message) ? Deliver(message, remove, now) : null;

    /// <summary>Deferred messages by their numbers: all of them, or null when one is not there to be had.</summary>
    public IReadOnlyList<Delivery>? TakeDeferred(SubQueueName place, IReadOnlyList<long> sequences, bool remove, DateTimeOffset now)
    {
        var found = new List<QueuedMessage>();
        foreach (var sequence in sequences.Distinct())
        {
            if (!In(place).TryFind(sequence, out var message) || message.State != MessageState.Deferred || message.IsLocked)
            {
                return null;
            }

            found.Add(message);
        }

        return found.ConvertAll(message =>
        {
            In(place).Lift(message);
            return Deliver(message, remove, now);
        });
    }

    /// <summary>All of them, or none and false when one of the locks is lost.</summary>
    public bool Settle(SubQueueName place, IReadOnlyList<Guid> tokens, Settlement settlement)
    {
        if (!tokens.All(In(place).Locks.Holds))
        {
            return false;
        }

        foreach (var token in tokens)
        {
            if (In(place).Locks.TryRelease(token, out var message))
            {
                Apply(settlement, message);
            }
        }

        return true;
    }

    /// <summary>The new expiries, or null when one of the locks is lost.</summary>
    public IReadOnlyList<DateTimeOffset>? Renew(SubQueueName place, IReadOnlyList<Guid> tokens, DateTimeOffset now) =>
        tokens.All(In(place).Locks.Holds) ? [.. tokens.Select(token => In(place).Locks.Renew(token, now))] : null;

    /// <summary>A page: at most so many messages and bytes, but one message however large it is.</summary>
    public IReadOnlyList<MessageView> Peek(SubQueueName place, long from, int count, int maxBytes = int.MaxValue)
    {
        long bytes = 0;
        return [.. In(place).From(from).Take(count).TakeWhile((message, i) => (bytes += message.Payload.Length) <= maxBytes || i == 0)
            .Select(message => message.View())];
    }

    /// <summary>All of them, or none and false when one is not scheduled (any more).</summary>
    public bool Cancel(IReadOnlyList<long> sequences)
    {
        var found = new List<QueuedMessage>();
        foreach (var sequence in sequences)
        {
            if (!_main.TryFind(sequence, out var message) || message.State != MessageState.Scheduled)
            {
                return false;
            }

            found.Add(message);
        }

        found.ForEach(Remove);
        return true;
    }

    /// <summary>Brings the queue to an instant: schedules that came due, locks that ran out, lives that are over.</summary>
    public void Advance(DateTimeOffset now)
    {
        while (_main.Scheduled.TryTake(now, out var message))
        {
            message.State = MessageState.Active;
            message.EnqueuedAt = message.ScheduledFor ?? now;
            PutBack(message);
        }

        foreach (var place in (ReadOnlySpan<SubQueue>)[_main, _deadLetters])
        {
            while (place.Locks.TryReleaseExpired(now, out var message))
            {
                Fail(message);
            }
        }

        while (_main.Expiring.TryTake(now, out var message))
        {
            Expire(message);
        }
    }

    private SubQueue In(SubQueueName place) => place == SubQueueName.Main ? _main : _deadLetters;

    private Delivery Deliver(QueuedMessage message, bool remove, DateTimeOffset now)
    {
        if (remove)
        {
            Remove(message);
            return new(message.View(), Lock: null);
        }

        return new(message.View(), In(message.Place).Locks.Take(message, now));
    }

    private void Apply(Settlement settlement, QueuedMessage message)
    {
        switch (settlement)
        {
            case Settlement.Complete:
                Remove(message);
                break;
            case Settlement.Abandon abandon:
                Edit(message, abandon.Edit);
                Fail(message);
                break;
            case Settlement.Defer defer:
                Edit(message, defer.Edit);
                message.State = MessageState.Deferred;
                PutBack(message);
                break;
            case Settlement.DeadLetter dead:
                Edit(message, dead.Edit);
                DeadLetter(message, dead.Why);
                break;
            case Settlement.Return:
                PutBack(message);
                break;
        }
    }

    private static void Edit(QueuedMessage message, PayloadEdit? edit)
    {
        if (edit is not null)
        {
            message.Payload = edit(message.Payload);
            message.IsPayloadChanged = true;
        }
    }

    private void Fail(QueuedMessage message)
    {
        message.FailedDeliveries++;
        if (message.Place == SubQueueName.Main && message.FailedDeliveries >= options.MaxDeliveryCount)
        {
            DeadLetter(message, new(
                "MaxDeliveryCountExceeded",
                $"Message could not be consumed after {options.MaxDeliveryCount} delivery attempts."));
            return;
        }

        PutBack(message);
    }

    private void Expire(QueuedMessage message)
    {
        if (options.DeadLetterOnExpiry)
        {
            DeadLetter(message, new("TTLExpiredException", "The message expired and was dead lettered."));
            return;
        }

        Remove(message);
    }

    private void DeadLetter(QueuedMessage message, DeadLetterReason? why)
    {
        In(message.Place).Remove(message);
        message.Place = SubQueueName.DeadLetters;
        message.State = MessageState.Active;
        message.Why = why;
        _deadLetters.Add(message);
        Changes.Touch(message);
    }

    private void PutBack(QueuedMessage message)
    {
        In(message.Place).Place(message);
        Changes.Touch(message);
    }

    private void Remove(QueuedMessage message)
    {
        In(message.Place).Remove(message);
        message.IsRemoved = true;
        Changes.Touch(message);
    }
}
