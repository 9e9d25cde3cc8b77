using Ungroup.Messages;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class NothingThrows : IInvariant
{
    public string Sentence => "The handler or the sweep threw, where it should have settled, or settled for a defect of its own.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOrDefault(line => line.What is Happening.Threw || IsOwnDefect(line.What)) is { Number: > 0 } line ? line : null;

    private static bool IsOwnDefect(Happening what) =>
        what is Happening.Said { Settlement: Settlement.Postpone postpone } && postpone.Why.StartsWith("A defect of Ungroup", StringComparison.Ordinal);
}
