using System.Runtime.InteropServices;
using Ungroup.Ecs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class ThrottledMeansQuiet : IInvariant
{
    public string Sentence => "A process called an API whose quota was used up before its window had turned, or by more than one probe at once.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var closed = new Dictionary<string, Closed>();
        foreach (var line in lines)
        {
            // What the gates had let through before they closed is on its way, however long the ledger takes.
            if (line.What is Happening.CallBegan { Call: { } began } && closed.TryGetValue(began.Quota, out var quota) && began.PassedAt.At >= quota.At)
            {
                if (began.PassedAt.WorkerTime < quota.Until || quota.Probe is not null)
                {
                    return line;
                }

                closed[began.Quota] = quota with { Probe = began.Number };
            }
            else if (line.What is Happening.CallEnded ended)
            {
                Learn(closed, ended, line.At);
            }
        }

        return null;
    }

    private static void Learn(Dictionary<string, Closed> closed, Happening.CallEnded ended, DateTimeOffset at)
    {
        var isClosed = closed.TryGetValue(ended.Call.Quota, out var quota);
        var isProbe = isClosed && quota.Probe == ended.Call.Number;
        var fault = FaultOf(ended.Code);
        if (fault == Fault.Throttled)
        {
            var until = ended.RetryAfter is { } hint ? ended.WorkerTime + hint : NextMinute(ended.WorkerTime);
            closed[ended.Call.Quota] = isClosed && !isProbe
                ? quota with { Until = quota.Until > until ? quota.Until : until }
                : new(at, until, Probe: null);
        }
        else if (isProbe && (fault is null or Fault.AlreadyDone or Fault.Permanent or Fault.Later))
        {
            closed.Remove(ended.Call.Quota);
        }
        else if (isProbe)
        {
            closed[ended.Call.Quota] = quota with { Probe = null };
        }
    }

    private static Fault? FaultOf(string? code) => code switch
    {
        null => null,
        _ when code.StartsWith("NoReply", StringComparison.Ordinal) => Fault.Unknown,
        _ => EcsFault.Classify(500, code),
    };

    private static DateTimeOffset NextMinute(DateTimeOffset time) =>
        new(((time.Ticks / TimeSpan.TicksPerMinute) + 1) * TimeSpan.TicksPerMinute, TimeSpan.Zero);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Closed(DateTimeOffset At, DateTimeOffset Until, int? Probe);
}
