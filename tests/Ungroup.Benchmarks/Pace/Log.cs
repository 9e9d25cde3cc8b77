using System.Runtime.InteropServices;
using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>All that was seen in a run: the measures are taken from it, and from nothing else.</summary>
internal sealed class Log
{
    private readonly List<Call> _calls = [];
    private readonly List<TimeSpan> _holds = [];

    public DateTimeOffset Start { get; set; }

    public DateTimeOffset End { get; set; }

    /// <summary>When the queue handed out its last message; the end, if it had more.</summary>
    public DateTimeOffset LastHandedOut { get; set; }

    /// <summary>All calls, other tenants' as well, in the order in which they arrived.</summary>
    public IReadOnlyList<Call> Calls => _calls;

    /// <summary>How long each message was held each time, those still in hand at the end included.</summary>
    public IReadOnlyList<TimeSpan> Holds => _holds;

    public IReadOnlyList<Stretch> Closed { get; set; } = [];

    public int Jobs { get; set; }

    public int OutOfRetries { get; set; }

    public int Unfinished { get; set; }

    public int Postponements { get; set; }

    public void Add(Call call) => _calls.Add(call);

    public void Add(TimeSpan hold) => _holds.Add(hold);
}

/// <summary>One call, as ECS saw it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Call(int Instance, DateTimeOffset SentAt, DateTimeOffset ArrivedAt, bool Served)
{
    /// <summary>The number of those who are no instance of ours.</summary>
    public const int Others = -1;

    public bool IsOurs => Instance != Others;
}
