namespace Ungroup.Sandbox.Ecs;

/// <summary>One call as it arrived and as it was answered. <see cref="Status"/> is 0 when the connection was reset instead.</summary>
public sealed record LoggedRequest(
    long Number,
    DateTimeOffset At,
    string Action,
    string Account,
    string? RegionId,
    IReadOnlyDictionary<string, string> Parameters,
    int Status,
    string? Code,
    string? RequestId,
    bool Effective,
    string? Fault);

/// <summary>
/// The latest calls, bounded. A call is numbered when its answer is decided and stands here before the caller can see that answer.
/// </summary>
public sealed class RequestLog
{
    private readonly Lock gate = new();
    private readonly Queue<LoggedRequest> latest = new();
    private readonly Dictionary<string, long> counts = [];
    private readonly int capacity;

    internal RequestLog(int capacity) => this.capacity = capacity;

    /// <summary>How many calls have been answered since the start, also those no longer kept.</summary>
    public long Count { get; private set; }

    public IReadOnlyList<LoggedRequest> Snapshot()
    {
        lock (gate)
        {
            return [.. latest];
        }
    }

    public long CountOf(string action)
    {
        lock (gate)
        {
            return counts.GetValueOrDefault(action);
        }
    }

    internal IReadOnlyDictionary<string, long> CountPerAction()
    {
        lock (gate)
        {
            return new Dictionary<string, long>(counts);
        }
    }

    internal void Add(LoggedRequest request)
    {
        lock (gate)
        {
            Count++;
            counts[request.Action] = counts.GetValueOrDefault(request.Action) + 1;
            latest.Enqueue(request with { Number = Count });
            if (latest.Count > capacity)
            {
                latest.Dequeue();
            }
        }
    }
}
