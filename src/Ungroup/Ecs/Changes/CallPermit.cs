using Ungroup.Circuits;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;

namespace Ungroup.Ecs.Changes;

/// <summary>Leave to make one call: of the circuits before it, and of its quota.</summary>
internal sealed class CallPermit(CircuitPermit circuits, QuotaPermit quota) : IDisposable
{
    public CircuitPermit Circuits => circuits;

    public QuotaPermit Quota => quota;

    /// <summary>ECS answered, and neither circuits nor quota were in the way.</summary>
    public void Succeeded()
    {
        quota.Passed();
        circuits.Permitted();
    }

    public void Dispose()
    {
        quota.Dispose();
        circuits.Dispose();
    }
}

/// <summary>Hands out permits for calls.</summary>
internal sealed class CallPermits(CircuitRegistry circuits, QuotaLimiters quotas)
{
    /// <summary>A permit, or null and what to wait for.</summary>
    public CallPermit? TryTake(in CircuitCall call, in PacedCall paced, out CallWait? wait)
    {
        if (circuits.TryEnter(call, out var closed) is not { } circuit)
        {
            wait = new(closed!.Until, closed, Quota: null);
            return null;
        }

        if (quotas.TryTake(paced, out var turn) is not { } quota)
        {
            circuit.Dispose();
            wait = new(turn!.Until, Circuit: null, turn);
            return null;
        }

        wait = null;
        return new(circuit, quota);
    }

    /// <summary>When a message that does not wait in hand for a quota should come back.</summary>
    public DateTimeOffset Promise(QuotaWait wait, Origin origin) => quotas.Promise(wait, origin);
}

/// <summary>A call has to wait, for a circuit or for a quota.</summary>
internal sealed record CallWait(DateTimeOffset Until, ClosedCircuit? Circuit, QuotaWait? Quota);
