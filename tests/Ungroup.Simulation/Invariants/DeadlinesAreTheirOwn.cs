using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class DeadlinesAreTheirOwn : IInvariant
{
    // The longest that clocks are apart, and some time on the way.
    private static readonly TimeSpan Skewed = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public string Sentence => "A request that names no end was given less than its day: somebody else has said when it came.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.Wrote>((wrote, at) =>
        wrote is { Before: null, After: { Request: { ExpiresAt: null }, Deadline: var deadline } } && deadline < at + Life - Skewed);
}
