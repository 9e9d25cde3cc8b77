using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Messages;

internal sealed class CopiesComeInTime : IInvariant
{
    // The longest wait is a quarter of an hour, and clocks may be off by some minutes where it cannot be seen.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(35);

    public string Sentence => "A copy was told to come back after more than any wait, by the broker's clock, though its request may begin before.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.CopyTaken>((taken, at) =>
        taken.From.Letter.Drives is null && taken.ScheduledFor - Later(at, taken.From.Letter.Request?.NotBefore ?? at) > Longest);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
