using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Bus;

/// <summary>The ids a queue has lately seen, where it was created to drop what it has seen.</summary>
internal sealed class KnownIds(Schedule schedule, bool isDeduplicating)
{
    public static readonly TimeSpan RemembersFor = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, DateTimeOffset> _seen = [];

    public bool Contains(string messageId) =>
        isDeduplicating && _seen.TryGetValue(messageId, out var seen) && schedule.Now - seen < RemembersFor;

    public void Add(string messageId) => _seen[messageId] = schedule.Now;
}
