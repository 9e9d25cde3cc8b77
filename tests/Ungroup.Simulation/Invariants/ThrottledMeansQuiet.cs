using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Ungroup.Ecs;
using Ungroup.Pace;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

/// <summary>
/// After a refusal: nothing before the instant that ECS has named. Where it named none, nothing before the minute turns, as far
/// as the process knows when it does; but one call at a time, at least so far apart, where it does not know the quota's shape,
/// where the quota comes back bit by bit, where the minute has turned by its clock and not by that of ECS, and where it has not seen
/// lately that the minute turns when it believes it to. Nothing more until that call has told how it went, or is late.
/// </summary>
internal sealed class ThrottledMeansQuiet : IInvariant
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan OfUnknownShape = TimeSpan.FromSeconds(1);
    private const int Tellings = 2;
    private static readonly TimeSpan LongestTelling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OfBuckets = TimeSpan.FromSeconds(0.15);
    private static readonly TimeSpan OfUnknownMinutes = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AtTheTurn = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan JustAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProbeIsLate = TimeSpan.FromSeconds(3);

    public string Sentence => "A process called an API whose quota was used up before its window had turned, or by more than one probe at once.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var (closed, cuts) = (new Dictionary<string, Closed>(), new Dictionary<string, DateTimeOffset>());
        foreach (var line in lines)
        {
            // What the gates had let through before they closed is on its way, however long the ledger takes. Which came first of two
            // things in one instant is not known here.
            if (line.What is Happening.CallBegan { Call: { } began } && closed.TryGetValue(began.Quota, out var quota) && began.PassedAt.At > quota.At)
            {
                // A later hint that came while the probe was on its way to ECS was not known when it passed.
                var couldKnow = began.PassedAt.At > quota.HintAt;
                if (couldKnow && (quota.Probes.Any(probe => (began.PassedAt.WorkerTime - probe.At).Duration() < ProbeIsLate) || !MayProbe(quota, began)))
                {
                    return line;
                }

                closed[began.Quota] = quota with { Probes = [.. quota.Probes, new(began.Number, began.PassedAt.WorkerTime)] };
            }
            else if (line.What is Happening.CallEnded ended)
            {
                Learn(closed, cuts, ended, line.At);
            }
        }

        return null;
    }

    private static bool MayProbe(in Closed quota, EcsExchange call)
    {
        // Where the clock was set back meanwhile, the time that has passed has passed all the same.
        var (own, passed) = (call.PassedAt.WorkerTime, quota.RefusedAt + (call.PassedAt.At - quota.At));
        var now = own > passed ? own : passed;
        var pause = now - quota.RefusedAt;
        return quota.Hint is { } until
            ? now >= until
            : HasTurned(quota, call, now)
                || ((quota.Shape == QuotaShape.Bucket || call.Belief.Shape == QuotaShape.Bucket) && pause >= OfBuckets)
                || ((quota.Shape == QuotaShape.Unknown || call.Belief.Shape == QuotaShape.Unknown) && pause >= OfUnknownShape)
                || (quota.IsAtTurn && pause >= AtTheTurn)
                || (!quota.IsSureOfTurn && pause >= OfUnknownMinutes);
    }

    /// <summary>As it was believed when the call was refused, or as it is believed now; others may have said meanwhile when it turns.</summary>
    private static bool HasTurned(in Closed quota, EcsExchange call, DateTimeOffset now)
    {
        var minute = call.Belief.MinuteStart;
        return now >= quota.Turns || (minute > now ? minute - Minute : minute) + call.Belief.Turn.Within > quota.RefusedAt;
    }

    private static void Learn(Dictionary<string, Closed> closed, Dictionary<string, DateTimeOffset> cuts, Happening.CallEnded ended, DateTimeOffset at)
    {
        // A call that was under way when another one was refused is refused with it: that says nothing about now.
        var wasUnderWay = ended.RetryAfter is null && cuts.TryGetValue(ended.Call.Quota, out var cut) && ended.Call.WorkerTime <= cut;
        if (wasUnderWay && !IsProbe(closed, ended.Call))
        {
            return;
        }

        var isClosed = closed.TryGetValue(ended.Call.Quota, out var quota);
        var isProbe = IsProbe(closed, ended.Call);
        var fault = FaultOf(ended.Code);
        if (fault == Fault.Throttled)
        {
            var hint = ended.WorkerTime + ended.RetryAfter;

            // A probe that was under way when another call was refused is refused with it, and the pause counts from there.
            var refusedAt = wasUnderWay ? cuts[ended.Call.Quota] : ended.WorkerTime;
            cuts[ended.Call.Quota] = refusedAt;

            // The calls that tell the shape come soon after a refusal, and there are two; after a longer wait they have yet to come.
            var told = isClosed && ended.WorkerTime - quota.RefusedAt < LongestTelling ? quota.Told + 1 : 0;
            var shape = told >= Tellings && ended.Belief.Shape == QuotaShape.Unknown ? QuotaShape.Window : ended.Belief.Shape;
            var isAtTurn = quota.IsAtTurn || ended.WorkerTime - ended.Belief.MinuteStart < JustAfter;
            var isSure = ended.WorkerTime - ended.Belief.Turn.From < Lately;
            closed[ended.Call.Quota] = isClosed && !isProbe
                ? quota with
                {
                    HintAt = hint is not null && !(hint <= quota.Hint) ? at : quota.HintAt,
                    Hint = quota.Hint is null || hint > quota.Hint ? hint ?? quota.Hint : quota.Hint,
                    IsAtTurn = isAtTurn,
                    IsSureOfTurn = quota.IsSureOfTurn && isSure,
                }
                : new(at, at, refusedAt, hint, ended.Belief.MinuteStart + Minute, shape, told, isAtTurn, isSure, Probes: []);
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
    /// <param name="RefusedAt">The same by the clock of the process.</param>
    /// <param name="Hint">When to come back, as ECS has said.</param>
    /// <param name="Turns">When, by what the process knew then, its minute turned.</param>
    /// <param name="Shape">What it was taken for; where the calls that tell are refused, too, the unknown is taken for a window.</param>
    /// <param name="Told">How many calls that should tell the shape were refused.</param>
    /// <param name="IsAtTurn">Whether it, or one before it, was refused just after the minute had turned by the clock of the process.</param>
    /// <param name="IsSureOfTurn">Whether it had been seen lately that the minute turns when the process believed it to.</param>
    /// <param name="Probes">The calls that find out; more than one where those before are late.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Closed(
        DateTimeOffset At,
        DateTimeOffset HintAt,
        DateTimeOffset RefusedAt,
        DateTimeOffset? Hint,
        DateTimeOffset Turns,
        QuotaShape Shape,
        int Told,
        bool IsAtTurn,
        bool IsSureOfTurn,
        ImmutableArray<Probe> Probes);

    /// <param name="Number">Which call it is.</param>
    /// <param name="At">When it passed, by the clock of the process.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Probe(int Number, DateTimeOffset At);
}
