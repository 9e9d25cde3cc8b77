namespace Ungroup.Messages;

/// <summary>
/// The broker's clock, as far as a delivery shows it. What is to come back is kept by that clock; a worker whose own is wrong would have
/// it return at once, again and again, or an hour late. Elapsed time is the same for both, also where a clock is set in between.
/// </summary>
internal sealed class BrokerTime
{
    // Service Bus locks no message for longer.
    private static readonly TimeSpan LongestLock = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _clock;
    private readonly DateTimeOffset _atReceipt;
    private readonly long _received;

    public BrokerTime(Delivery delivery, TimeProvider clock)
    {
        _clock = clock;
        _received = clock.GetTimestamp();
        _atReceipt = AtReceipt(delivery, clock.GetUtcNow());
    }

    public DateTimeOffset Now => _atReceipt + _clock.GetElapsedTime(_received);

    /// <summary>How far the broker's clock is ahead of ours at this moment; less than nothing where ours is.</summary>
    private TimeSpan Ahead => Now - _clock.GetUtcNow();

    /// <summary>An instant by our clock, as the broker's will show it.</summary>
    public DateTimeOffset OfOurs(DateTimeOffset ours) => ours + Ahead;

    /// <summary>An instant by the broker's clock, as ours will show it.</summary>
    public DateTimeOffset ToOurs(DateTimeOffset brokers) => brokers - Ahead;

    // Ours, unless it is shown to be wrong: a message has come before now, and is locked until after now.
    private static DateTimeOffset AtReceipt(Delivery delivery, DateTimeOffset ours)
    {
        var came = delivery.EnqueuedAt;
        return ours < came ? came
            : delivery.LockedUntil is { } until && ours > until ? Later(came, until - LongestLock)
            : ours;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
