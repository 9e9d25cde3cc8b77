namespace Ungroup.Pace;

/// <summary>The right to make one call. Tell how it went, then leave; leaving without a word means that nothing was learned.</summary>
internal sealed class GatePass(Gate gate)
{
    /// <returns>Whether this opened a gate that was closed.</returns>
    public bool Open() => gate.Open(this);

    /// <param name="until">Given how often in a row the gate has closed, this time included: when to probe.</param>
    /// <param name="reason">What an operator reads.</param>
    public GateState Close(Func<int, DateTimeOffset> until, string reason) => gate.Close(this, until, reason);

    public void Leave() => gate.Leave(this);
}
