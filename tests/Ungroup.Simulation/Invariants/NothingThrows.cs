using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class NothingThrows : IInvariant
{
    public string Sentence => "The handler or the sweep threw what nobody foresaw.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.Threw>(_ => true);
}
