using Ungroup.Sandbox.Ecs.Faults;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Changes;

/// <summary>The changes that are still to come, and what became of the others. Used while the world is held.</summary>
internal sealed class ChangeBook
{
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Entry> Entries => _entries;

    public void Add(WorldChange change, Trigger trigger) => _entries.Add(new Entry(change, trigger));

    /// <summary>Nobody sees the world but through calls, so that what is due may wait for the next of them.</summary>
    public void MakeDue(World world, DateTimeOffset now)
    {
        var due = _entries.Where(entry => entry.Due <= now - world.StartedAt).OrderBy(entry => entry.Due).ToList();
        due.ForEach(entry => entry.Make(world, world.StartedAt + entry.Due!.Value));
    }

    /// <summary>The changes that this call brings about, before it or after it.</summary>
    public IReadOnlyList<Entry> Take(EcsCall call) =>
        _entries.Count == 0 ? [] : [.. _entries.Where(entry => entry.Trigger is Trigger.AtCalls at && at.Calls.Matches(call) && entry.Countdown.Strikes())];

    internal sealed class Entry(WorldChange change, Trigger trigger)
    {
        public WorldChange Change { get; } = change;

        public Trigger Trigger { get; } = trigger;

        public Countdown Countdown { get; private set; } = trigger is Trigger.AtCalls at ? new Countdown(at.Skip, at.Times) : new Countdown(0, 1);

        public int Made { get; private set; }

        /// <summary>Why the latest one could not be made.</summary>
        public string? Problem { get; private set; }

        public bool Follows => Trigger is Trigger.AtCalls { Follows: true };

        /// <summary>After the start; null for one that waits for a call or has been made.</summary>
        public TimeSpan? Due => Trigger is Trigger.AtTime at && Countdown.Left > 0 ? at.AfterStart : null;

        public void Make(World world, DateTimeOffset now)
        {
            if (Trigger is Trigger.AtTime)
            {
                Countdown.Strikes();
            }

            world.Touch();
            Problem = Change.Make(world, now);
            Made += Problem is null ? 1 : 0;
        }
    }
}
