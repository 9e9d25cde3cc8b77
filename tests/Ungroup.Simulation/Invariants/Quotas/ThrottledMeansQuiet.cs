using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Ungroup.Ecs;
using Ungroup.Quotas.Windows;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Quotas;

/// <summary>
/// After a refusal: nothing before the instant that ECS has named. Where it named none, nothing before the window has turned, as far as the process
/// knows when it does; but one call at a time, at least so far apart, where it does not know that. A call that is refused just after a window has turned by
/// what the process knows may be refused because it has not turned yet, and is tried again after a pause. All of it in time that passes: that somebody
/// sets a clock excuses nothing.
/// </summary>
internal sealed class ThrottledMeansQuiet : IInvariant
{
    private static readonly TimeSpan OfUnknownWindows = QuotaEstimator.SeekStep;
    private static readonly TimeSpan AtTheTurn = QuotaEstimator.Doubt;
    private static readonly TimeSpan ProbeIsLate = TimeSpan.FromSeconds(3);

    public string Sentence => "A process called an API whose quota was used up before its window had turned, or by more than one probe at once.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var (closed, cuts) = (new Dictionary<string, Closed>(), new Dictionary<string, DateTimeOffset>());
        foreach (var line in lines)
        {
            // A call that had a permit before the quota closed is on its way, however long the ledger takes. Which came first of two
            // things in one instant is not known here.
            if (line.What is Happening.CallBegan { Call: { } began } && closed.TryGetValue(began.Quota, out var quota) && began.PassedAt.At > quota.At)
            {
                // A later hint that came while the call was on its way to ECS was not known when it had its permit.
                var couldKnow = began.PassedAt.At > quota.HintAt;
                if (couldKnow && IsOpen(quota, began))
                {
                    closed.Remove(began.Quota);
                    continue;
                }

                if (couldKnow && (quota.Probes.Any(probe => began.PassedAt.At - probe.At < ProbeIsLate) || !MayProbe(quota, began)))
                {
                    return line;
                }

                closed[began.Quota] = quota with { Probes = [.. quota.Probes, new(began.Number, began.PassedAt.At)] };
            }
            else if (line.What is Happening.CallEnded ended)
            {
                Learn(closed, cuts, ended, line.At);
            }
        }

        return null;
    }

    private static bool IsOpen(in Closed quota, EcsExchange call)
    {
        var since = call.PassedAt.At - quota.SentAt;
        return quota.Hint is { } named ? call.PassedAt.At >= named : HasTurned(quota, call) || (quota.IsAtTurn && since >= AtTheTurn);
    }

    private static bool MayProbe(in Closed quota, EcsExchange call) =>
        !(quota.Hint > call.PassedAt.At) && !(quota.IsSure && call.Belief.Estimate.Start.IsFound) && call.PassedAt.At - quota.SentAt >= OfUnknownWindows;

    /// <summary>As it was believed when the call was refused, or as it is believed now; others may have said meanwhile when it turns.</summary>
    private static bool HasTurned(in Closed quota, EcsExchange call) =>
        call.PassedAt.At >= quota.Turns || call.Belief.Window + call.Belief.Estimate.Start.Error > quota.SentAt;

    private static void Learn(Dictionary<string, Closed> closed, Dictionary<string, DateTimeOffset> cuts, Happening.CallEnded ended, DateTimeOffset at)
    {
        // A call that was under way when another one was refused is refused with it: that says nothing about now.
        var isProbe = IsProbe(closed, ended.Call);
        var wasUnderWay = ended.RetryAfter is null && cuts.TryGetValue(ended.Call.Quota, out var cut) && ended.Call.At <= cut;
        if (wasUnderWay && !isProbe)
        {
            return;
        }

        var isClosed = closed.TryGetValue(ended.Call.Quota, out var quota);
        var fault = FaultOf(ended.Code);
        if (fault == Fault.Throttled)
        {
            var hint = at + ended.RetryAfter;
            cuts[ended.Call.Quota] = at;
            var start = ended.Belief.Estimate.Start;
            var isAtTurn = start.IsFound && ended.Call.At - ended.Belief.Window - start.Error < QuotaEstimator.Soon;
            closed[ended.Call.Quota] = isClosed && !isProbe
                ? quota with
                {
                    HintAt = hint is not null && !(hint <= quota.Hint) ? at : quota.HintAt,
                    Hint = quota.Hint is null || hint > quota.Hint ? hint ?? quota.Hint : quota.Hint,
                    IsAtTurn = quota.IsAtTurn || isAtTurn,
                    IsSure = quota.IsSure && start.IsFound,
                }
                : new(at, at, ended.Call.At, hint, ended.Belief.Window + WindowStart.Length, isAtTurn, start.IsFound, Probes: []);
        }
        else if (isProbe && (fault is null or Fault.AlreadyDone or Fault.Permanent or Fault.Later))
        {
            closed.Remove(ended.Call.Quota);
        }
        else if (isProbe)
        {
            closed[ended.Call.Quota] = quota with { Probes = [.. quota.Probes.Where(probe => probe.Number != ended.Call.Number)] };
        }
    }

    private static bool IsProbe(Dictionary<string, Closed> closed, EcsExchange call) =>
        closed.TryGetValue(call.Quota, out var quota) && quota.Probes.Any(probe => probe.Number == call.Number);

    private static Fault? FaultOf(string? code) => code switch
    {
        null => null,
        _ when code.StartsWith("NoReply", StringComparison.Ordinal) => Fault.Unknown,
        _ => EcsFault.Classify(500, code),
    };

    /// <param name="At">When it closed.</param>
    /// <param name="HintAt">When ECS said the hint.</param>
    /// <param name="SentAt">When the call was sent that was refused.</param>
    /// <param name="Hint">When to come back, as ECS has said.</param>
    /// <param name="Turns">When, by what the process knew then, its window turned.</param>
    /// <param name="IsAtTurn">Whether a call was refused just after the window had turned by what the process knew.</param>
    /// <param name="IsSure">Whether the process knew when its window turns.</param>
    /// <param name="Probes">The calls that find out; more than one where those before are late.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Closed(
        DateTimeOffset At,
        DateTimeOffset HintAt,
        DateTimeOffset SentAt,
        DateTimeOffset? Hint,
        DateTimeOffset Turns,
        bool IsAtTurn,
        bool IsSure,
        ImmutableArray<Probe> Probes);

    /// <param name="Number">Which call it is.</param>
    /// <param name="At">When it had its permit.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Probe(int Number, DateTimeOffset At);
}
