using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs;

/// <summary>One call as it arrived and as it was answered. <see cref="Status"/> is 0 when the connection was reset or closed instead.</summary>
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
    string? Fault)
{
    // Their length tells enough; a log that holds them would be worth stealing.
    private static readonly string[] Secrets = ["OIDCToken", "SecurityToken"];

    internal static LoggedRequest Of(WireRequest request, DateTimeOffset at, Reply reply, string requestId) => new(
        0,
        at,
        request.Action,
        "",
        RegionId: null,
        Shown(request.Parameters.All),
        reply.Status,
        reply.Code,
        reply is Reply.Success or Reply.Refusal ? requestId : null,
        Effective: false,
        Fault: null);

    private static Dictionary<string, string> Shown(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var shown = new Dictionary<string, string>(parameters.Count);
        foreach (var (name, value) in parameters)
        {
            shown.TryAdd(name, Secrets.Contains(name) ? $"({value.Length} characters)" : value);
        }

        return shown;
    }
}

/// <summary>
/// The latest calls, bounded. A call is numbered when its answer is decided and stands here before the caller can see that answer.
/// </summary>
public sealed class RequestLog
{
    private readonly Lock _gate = new();
    private readonly Queue<LoggedRequest> _latest = new();
    private readonly Dictionary<string, long> _counts = [];
    private readonly Dictionary<string, Dictionary<string, long>> _countsOfResources = [];
    private readonly int _capacity;

    internal RequestLog(int capacity) => _capacity = capacity;

    /// <summary>How many calls have been answered since the start, also those no longer kept.</summary>
    public long Count { get; private set; }

    public IReadOnlyList<LoggedRequest> Snapshot()
    {
        lock (_gate)
        {
            return [.. _latest];
        }
    }

    public long CountOf(string action)
    {
        lock (_gate)
        {
            return _counts.GetValueOrDefault(action);
        }
    }

    internal IReadOnlyDictionary<string, long> CountPerAction()
    {
        lock (_gate)
        {
            return new Dictionary<string, long>(_counts);
        }
    }

    /// <summary>By resource and action, whatever became of the call. The groups it names are resources too.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> CountPerResource()
    {
        lock (_gate)
        {
            return _countsOfResources.ToDictionary(
                resource => resource.Key, IReadOnlyDictionary<string, long> (resource) => new Dictionary<string, long>(resource.Value));
        }
    }

    internal void Add(LoggedRequest request, IReadOnlyCollection<string>? resources = null)
    {
        lock (_gate)
        {
            Count++;
            CountIn(_counts, request.Action);
            foreach (var resource in resources ?? [])
            {
                CountIn(_countsOfResources.TryGetValue(resource, out var counts) ? counts : _countsOfResources[resource] = [], request.Action);
            }

            _latest.Enqueue(request with { Number = Count });
            if (_latest.Count > _capacity)
            {
                _latest.Dequeue();
            }
        }
    }

    private static void CountIn(Dictionary<string, long> counts, string action) => counts[action] = counts.GetValueOrDefault(action) + 1;
}
