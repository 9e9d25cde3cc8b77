using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class EverythingEnds : IInvariant
{
    public string Sentence => "A message or a request never came to its end, though nothing went wrong any more.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.NeverEnded>(_ => true);
}
