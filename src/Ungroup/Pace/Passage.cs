namespace Ungroup.Pace;

/// <summary>A pass through the gate of the account and the gate of the account, region and API, for one call.</summary>
internal sealed class Passage(GatePass circuit, GatePass pace, Gates gates) : IDisposable
{
    /// <summary>ECS answered, and neither the account nor the quota was in the way.</summary>
    public void Succeeded()
    {
        if (circuit.Open() | pace.Open())
        {
            gates.Opened();
        }
    }

    /// <summary>The quota is used up. That the account may call is known all the same.</summary>
    public GateState Throttled(DateTimeOffset until, string reason)
    {
        circuit.Open();
        return Told(pace.Close(_ => until, reason));
    }

    /// <summary>An operator must act before any call of this account can work.</summary>
    public GateState Denied(Func<int, DateTimeOffset> until, string reason) => Told(circuit.Close(until, reason));

    private GateState Told(GateState state)
    {
        gates.Closed(state);
        return state;
    }

    public void Dispose()
    {
        circuit.Leave();
        pace.Leave();
    }
}
