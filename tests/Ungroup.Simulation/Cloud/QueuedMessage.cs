using Ungroup.Simulation.Plan;

namespace Ungroup.Simulation.Cloud;

/// <summary>A message in the simulated queue.</summary>
internal sealed class QueuedMessage(long sequence, string messageId, Letter letter, IReadOnlyDictionary<string, object?> properties)
{
    public long Sequence => sequence;

    public string MessageId => messageId;

    public Letter Letter => letter;

    public IReadOnlyDictionary<string, object?> Properties => properties;

    public DateTimeOffset EnqueuedAt { get; set; }

    public int DeliveryCount { get; set; }

    /// <summary>Who holds it; null while nobody does.</summary>
    public Story.Receipt? Holder { get; set; }

    public DateTimeOffset LockedUntil { get; set; }

    public bool HasEnded { get; set; }
}
