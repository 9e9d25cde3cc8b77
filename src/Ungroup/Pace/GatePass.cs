namespace Ungroup.Pace;

/// <summary>The right to make one call. Tell how it went, then leave; leaving without a word means that nothing was learned.</summary>
internal sealed class GatePass(Gate gate)
{
    /// <returns>Whether this opened a gate that was closed.</returns>
    public bool Open() => gate.Open(this);

    /// <param name="until">Given how often in a row the gate has closed, this time included: when to probe.</param>
    /// <param name="reason">What an operator reads.</param>
    /// <param name="afterNoes">How many calls in a row must have gone badly before an open gate closes.</param>
    /// <returns>Null while the gate stays open.</returns>
    public GateState? Close(Func<int, DateTimeOffset> until, string reason, int afterNoes = 1) => gate.Close(this, until, reason, afterNoes);

    public string Name => gate.Name;

    public void Leave() => gate.Leave(this);
}
