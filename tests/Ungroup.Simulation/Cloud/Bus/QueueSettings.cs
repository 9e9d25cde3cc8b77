namespace Ungroup.Simulation.Cloud.Bus;

/// <summary>How the queue was created.</summary>
internal sealed record QueueSettings(TimeSpan LockFor, bool IsDeduplicating, int MostDeliveries);
