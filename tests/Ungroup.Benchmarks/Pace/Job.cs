namespace Ungroup.Benchmarks.Pace;

/// <summary>One message of the backlog: one call that has to be served.</summary>
internal sealed class Job(int number)
{
    public int Number { get; } = number;

    /// <summary>Calls sent for it, in all deliveries.</summary>
    public int Attempts { get; set; }

    /// <summary>How often it was given back to the queue.</summary>
    public int Postponements { get; set; }

    /// <summary>When the instance that holds it received it.</summary>
    public DateTimeOffset ReceivedAt { get; set; }

    /// <summary>When the lock of this delivery ends. It is never renewed.</summary>
    public DateTimeOffset LockedUntil => ReceivedAt + Briefing.Lock;
}
