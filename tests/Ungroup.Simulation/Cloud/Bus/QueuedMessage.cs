using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Cloud.Bus;

/// <summary>A message in the simulated queue.</summary>
internal sealed class QueuedMessage(long sequence, string messageId, Letter letter, IReadOnlyDictionary<string, object?> properties)
{
    public long Sequence => sequence;

    public string MessageId => messageId;

    public Letter Letter => letter;

    public IReadOnlyDictionary<string, object?> Properties => properties;

    public DateTimeOffset EnqueuedAt { get; set; }

    public int DeliveryCount { get; private set; }

    /// <summary>The worker that holds it; null while none does.</summary>
    public Receipt? Holder { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public bool HasEnded { get; set; }

    public Receipt HandTo(string process, long token, DateTimeOffset lockedUntil)
    {
        (DeliveryCount, LockedUntil) = (DeliveryCount + 1, lockedUntil);
        return Holder = new(sequence, messageId, DeliveryCount, token, process, letter)
        {
            LockedUntil = lockedUntil,
            Delivery = new()
            {
                MessageId = messageId,
                Body = letter.Body,
                ContentType = "application/json",
                DeliveryCount = DeliveryCount,
                EnqueuedAt = EnqueuedAt,
                LockedUntil = lockedUntil,
                Properties = properties,
            },
        };
    }
}
