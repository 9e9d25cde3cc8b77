using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

internal sealed class NoResourceIsInNoGroup : IInvariant
{
    public string Sentence => "A resource was in no group for a while.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.GroupsChanged>(changed => changed.After.Count == 0);
}
