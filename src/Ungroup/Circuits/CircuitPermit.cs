namespace Ungroup.Circuits;

/// <summary>Leave of the circuits to make one call. Tell how it went, then dispose; without a word nothing is learned from it.</summary>
internal sealed class CircuitPermit(CircuitRegistry registry, CircuitCall call) : IDisposable
{
    private readonly List<CircuitBreaker> _probed = [];

    /// <summary>Whether its call shows if a circuit can open.</summary>
    public bool IsProbe => _probed.Count > 0;

    internal IReadOnlyList<CircuitBreaker> Probed => _probed;

    internal CircuitCall Call => call;

    internal void Probes(CircuitBreaker circuit) => _probed.Add(circuit);

    /// <summary>ECS has read the call and permitted it, whatever it came to.</summary>
    public void Permitted() => registry.Permitted(this);

    /// <summary>The quota is used up. That the account may call, and that ECS answers, is known all the same.</summary>
    public void Throttled() => registry.Answered(this, Evidence.Throttled);

    /// <summary>The call was refused, or got no answer.</summary>
    /// <param name="refusal">What that says.</param>
    /// <param name="mostFailures">How many calls in a row without an answer are an outage.</param>
    /// <returns>What its request has to wait for; null where no circuit of it is closed.</returns>
    public ClosedCircuit? Refused(Refusal refusal, int mostFailures = 1) => registry.Refused(this, refusal, mostFailures);

    /// <summary>There was nothing to sign the call with, in whatever region. Of ECS itself nothing is learned.</summary>
    public ClosedCircuit NotSigned(string reason, CircuitPause pause) => registry.NotSigned(this, new(Evidence.AccountRefused, reason, pause));

    public void Dispose()
    {
        _probed.ForEach(circuit => circuit.Leave(this));
        _probed.Clear();
    }
}
