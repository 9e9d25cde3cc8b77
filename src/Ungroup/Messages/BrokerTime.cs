using Ungroup.Time;

namespace Ungroup.Messages;

/// <summary>
/// The broker's clock, as far as a delivery shows it. Postponed messages come back by that clock; by a wrong one of ours they would
/// return at once, again and again, or an hour late.
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

    private TimeSpan Ahead => Now - _clock.GetUtcNow();

    public DateTimeOffset OfOurs(DateTimeOffset ours) => ours + Ahead;

    public DateTimeOffset ToOurs(DateTimeOffset brokers) => brokers - Ahead;

    // Ours, unless it is shown to be wrong: a message has come before now, and is locked until after now.
    private static DateTimeOffset AtReceipt(Delivery delivery, DateTimeOffset ours)
    {
        var came = delivery.EnqueuedAt;
        return ours < came ? came
            : delivery.LockedUntil is { } until && ours > until ? DateTimeOffset.Later(came, until - LongestLock)
            : ours;
    }
}
