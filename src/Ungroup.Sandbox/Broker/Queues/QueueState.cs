namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>
/// The rules of one queue and its dead-letter queue, on one thread and without input or output: time comes in as a
/// parameter and what must be written comes out as <see cref="Changes"/>. One file, because every operation of a queue touches the same two sub-queues.
/// </summary>
internal sealed class QueueState
{
    private readonly QueueOptions _options;
    private readonly SubQueue _main;
    private readonly SubQueue _deadLetters;
    private readonly DuplicateHistory _history;

    public QueueState(QueueOptions options)
    {
        _options = options;
        _main = new(options.LockDuration);
        _deadLetters = new(options.LockDuration);
        _history = new(options.DuplicateDetectionWindow, Changes);
    }

    public QueueChanges Changes { get; } = new();

    public DateTimeOffset? NextDue =>
        (_main.NextDue, _deadLetters.NextDue) is ({ } a, { } b) ? (a < b ? a : b) : _main.NextDue ?? _deadLetters.NextDue;

    public QueueCounts Counts() => new(
        _options.Name,
        Active: _main.Count - _main.Locks.Count - _main.Scheduled.Count,
        _main.Locks.Count,
        _main.Scheduled.Count,
        _deadLetters.Count);

    public bool HasReady(SubQueueName place) => In(place).HasReady;

    public void Restore(IEnumerable<QueuedMessage> messages, long nextSequence, IEnumerable<SeenId> seen)
    {
        Changes.NextSequence = nextSequence;
        _history.Restore(seen);
        foreach (var message in messages)
        {
            In(message.Place).Add(message);
        }
    }

    /// <summary>Their numbers. A duplicate gets one as well, under which there is nothing.</summary>
    public IReadOnlyList<long> Enqueue(IReadOnlyList<NewMessage> messages, DateTimeOffset now)
    {
        var sequences = new long[messages.Count];
        for (var i = 0; i < sequences.Length; i++)
        {
            sequences[i] = Changes.NextSequence++;
            if (!_history.Knows(messages[i].Id, now))
            {
                var message = QueuedMessage.Of(messages[i], sequences[i], _options.DefaultTimeToLive, now);
                In(message.Place).Add(message);
                Changes.Touch(message);
            }
        }

        return sequences;
    }

    /// <summary>The oldest ready message, locked, or removed at once for a receiver that wants no lock.</summary>
    public Delivery? Take(SubQueueName place, bool remove, DateTimeOffset now) =>
        In(place).TryTakeReady(out var message) ? Deliver(message, remove, now) : null;

    /// <summary>Deferred messages by their numbers: all of them, or null when one is not there to be had.</summary>
    public IReadOnlyList<Delivery>? TakeDeferred(SubQueueName place, IReadOnlyList<long> sequences, bool remove, DateTimeOffset now)
    {
        if (FindAll(In(place), sequences, message => message is { State: MessageState.Deferred, IsLocked: false }) is not { } found)
        {
            return null;
        }

        return found.ConvertAll(message =>
        {
            In(place).Lift(message);
            return Deliver(message, remove, now);
        });
    }

    /// <summary>All of them, or none and false when one of the locks is lost. An edit that fails has changed nothing.</summary>
    public bool Settle(SubQueueName place, IReadOnlyList<Guid> tokens, Settlement settlement)
    {
        if (!tokens.All(In(place).Locks.Holds))
        {
            return false;
        }

        var edited = settlement.Edit is { } edit ? tokens.ToDictionary(token => token, token => edit(In(place).Locks.Of(token).Payload)) : null;
        foreach (var token in tokens)
        {
            if (In(place).Locks.TryRelease(token, out var message))
            {
                if (edited is not null)
                {
                    message.Payload = edited[token];
                    message.IsPayloadChanged = true;
                }

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
        if (FindAll(_main, sequences, message => message.State == MessageState.Scheduled) is not { } found)
        {
            return false;
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

    private static List<QueuedMessage>? FindAll(SubQueue place, IReadOnlyList<long> sequences, Predicate<QueuedMessage> wanted)
    {
        var found = new List<QueuedMessage>();
        foreach (var sequence in sequences.Distinct())
        {
            if (!place.TryFind(sequence, out var message) || !wanted(message))
            {
                return null;
            }

            found.Add(message);
        }

        return found;
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
            case Settlement.Abandon:
                Fail(message);
                break;
            case Settlement.Defer:
                message.State = MessageState.Deferred;
                PutBack(message);
                break;
            case Settlement.DeadLetter dead:
                DeadLetter(message, dead.Why);
                break;
            case Settlement.Return:
                PutBack(message);
                break;
        }
    }

    private void Fail(QueuedMessage message)
    {
        message.FailedDeliveries++;
        if (message.Place == SubQueueName.Main && message.FailedDeliveries >= _options.MaxDeliveryCount)
        {
            DeadLetter(message, new(
                "MaxDeliveryCountExceeded",
                $"Message could not be consumed after {_options.MaxDeliveryCount} delivery attempts."));
            return;
        }

        PutBack(message);
    }

    private void Expire(QueuedMessage message)
    {
        if (_options.DeadLetterOnExpiry)
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
