using System.Runtime.InteropServices;

namespace Ungroup.Benchmarks.Pace;

/// <summary>One instance's way of deciding when to call. Virtual time is handed in; it never waits itself.</summary>
internal interface IPacer
{
    /// <summary>When it wants <see cref="Tick"/> next, or null for never. Read again after each word with the pacer.</summary>
    DateTimeOffset? Next { get; }

    /// <summary>How many messages the instance may hold in all, those in its hands included; what exceeds the concurrency is not used.</summary>
    int Room(DateTimeOffset now);

    /// <summary>Asked once a message is in hand, and again whenever the time it named has come.</summary>
    Permit Ask(Job job, DateTimeOffset now);

    /// <summary>How the call of a job that was let go has ended.</summary>
    /// <param name="job">The job.</param>
    /// <param name="sentAt">When the call left.</param>
    /// <param name="now">When the answer is here.</param>
    /// <param name="refused">Whether ECS refused it for its quota. Nothing else goes wrong here.</param>
    /// <param name="hint">How long to wait, if ECS says so.</param>
    After Told(Job job, DateTimeOffset sentAt, DateTimeOffset now, bool refused, TimeSpan? hint);

    /// <summary>The time it wanted has come. Afterwards <see cref="Next"/> is later than now, or null.</summary>
    void Tick(DateTimeOffset now);
}

/// <summary>May this job call now?</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Permit(Permit.Kind What, DateTimeOffset Until)
{
    public enum Kind
    {
        Go,
        Wait,
        Postpone,
    }

    /// <summary>Now.</summary>
    public static Permit Go { get; } = new(Kind.Go, default);

    /// <summary>Ask again then; the message stays in hand and its lock runs.</summary>
    public static Permit WaitUntil(DateTimeOffset time) => new(Kind.Wait, time);

    /// <summary>The message goes back to the queue, which hands it out again then, to anybody.</summary>
    public static Permit PostponeUntil(DateTimeOffset time) => new(Kind.Postpone, time);
}

/// <summary>How a job goes on whose call has ended.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct After(After.Kind What, DateTimeOffset Until)
{
    public enum Kind
    {
        Done,
        Ask,
        Postpone,
        GiveUp,
    }

    /// <summary>It was served.</summary>
    public static After Done { get; } = new(Kind.Done, default);

    /// <summary>It is out of retries: dead-lettered.</summary>
    public static After GiveUp { get; } = new(Kind.GiveUp, default);

    /// <summary>It stays in hand, and <see cref="IPacer.Ask"/> is called for it then.</summary>
    public static After AskAgainAt(DateTimeOffset time) => new(Kind.Ask, time);

    /// <summary>The message goes back to the queue, which hands it out again then, to anybody.</summary>
    public static After PostponeUntil(DateTimeOffset time) => new(Kind.Postpone, time);
}
