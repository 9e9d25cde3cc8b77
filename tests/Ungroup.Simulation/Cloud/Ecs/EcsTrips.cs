using System.Net.Sockets;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Cloud.Ecs;

/// <summary>How calls of ECS go: what is lost on the way there or back, what is slow, who answers in its stead.</summary>
internal sealed class EcsTrips(FaultPlan faults, Chance chance, Defect defect)
{
    /// <param name="call">The call.</param>
    /// <param name="answer">ECS's answer where it is reached; carried out there.</param>
    public (Trip Trip, Func<EcsAnswer> Answer) Plan(EcsExchange call, Func<EcsAnswer> answer)
    {
        var (there, back) = (chance.Milliseconds(5, 200), chance.Milliseconds(5, 200));
        if (faults.Hits(Incident.EcsSlow))
        {
            // A connection that ECS has taken is answered within the minute.
            there = chance.Seconds(0.2, call.IsChange ? 55 : 15);
        }

        if (faults.Hits(Incident.EcsNotReached))
        {
            return (new(null, FailsAfter: there, Failure: NotReached), answer);
        }

        if (faults.Hits(Incident.EcsBroken))
        {
            return (new(null, FailsAfter: there, Failure: Reset), answer);
        }

        if (faults.Hits(Incident.EcsReplyLost))
        {
            // Reset right after the effect, or silence until the client gives up.
            return chance.Hits(0.5) ? (new(there, FailsAfter: there + back, Failure: Reset), answer) : (new(there), answer);
        }

        if (faults.Hits(Incident.EcsServerErrorAfterEffect))
        {
            return (new(there, back), () => InsteadOf(answer()));
        }

        if (faults.Hits(Incident.EcsForeign))
        {
            return (new(there, back), Foreign);
        }

        if (faults.Hits(Incident.EcsForeignAfterEffect))
        {
            return (new(there, back), () => Instead(Foreign, answer()));
        }

        if (faults.Hits(Incident.EcsResent))
        {
            // The first answer is lost, and something in between sends the call again, as it is.
            return (new(there, back), () => Instead(defect == Defect.NoncesIgnored ? answer : () => EcsAnswer.NonceUsed, answer()));
        }

        return faults.Hits(Incident.EcsServerError) ? (new(there, back), Broken) : (new(there, back), answer);
    }

    // It was carried out, and what came back does not say so.
    private EcsAnswer InsteadOf(EcsAnswer carriedOut) => Broken() with { RetryAfter = carriedOut.RetryAfter };

    private static EcsAnswer Instead(Func<EcsAnswer> other, EcsAnswer carriedOut) => other() with { RetryAfter = carriedOut.RetryAfter };

    private EcsAnswer Foreign() => defect == Defect.ForeignersSpeakAsEcs ? EcsAnswer.Ok : chance.Pick(EcsAnswer.Foreign);

    private EcsAnswer Broken() => chance.Pick(
        EcsAnswer.BadGateway,
        EcsAnswer.Empty,
        EcsAnswer.Error(504, "RequestTimeout"),
        EcsAnswer.Error(503, "ServiceUnavailable"),
        EcsAnswer.Error(500, "InternalError"));

    private HttpRequestException NotReached() => chance.Hits(0.5)
        ? new(HttpRequestError.NameResolutionError, "No such host, simulated.")
        : new(HttpRequestError.ConnectionError, "Refused, simulated.", new SocketException((int)SocketError.ConnectionRefused));

    private static HttpRequestException Reset() => new(HttpRequestError.ResponseEnded, "Reset, simulated.");
}
