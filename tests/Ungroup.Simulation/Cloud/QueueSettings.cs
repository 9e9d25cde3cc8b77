namespace Ungroup.Simulation.Cloud;

/// <summary>How the queue was created.</summary>
internal sealed record QueueSettings(TimeSpan LockFor, bool IsDeduplicating, int MostDeliveries);
