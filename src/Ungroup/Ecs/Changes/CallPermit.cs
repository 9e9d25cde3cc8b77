using Ungroup.Circuits;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;

namespace Ungroup.Ecs.Changes;

internal sealed class CallPermit(CircuitPermit circuits, QuotaPermit quota) : IDisposable
{
    public CircuitPermit Circuits => circuits;

    public QuotaPermit Quota => quota;

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

/// <summary>Hands out permits.</summary>
internal sealed class CallPermits(CircuitRegistry circuits, QuotaLimiters quotas)
{
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

    public DateTimeOffset Promise(QuotaWait wait, Origin origin) => quotas.Promise(wait, origin);
}

internal sealed record CallWait(DateTimeOffset Until, ClosedCircuit? Circuit, QuotaWait? Quota);
