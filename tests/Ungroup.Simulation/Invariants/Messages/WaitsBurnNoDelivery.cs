using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Messages;

internal sealed class WaitsBurnNoDelivery : IInvariant
{
    public string Sentence => "A message was given back without a drain: it returns at once, and each return burns one of ten deliveries.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => lines.FirstOf<Happening.GivenBack>(back => !back.OnDrain);
}
