using Ungroup.Ecs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

internal sealed class ThrottledMeansQuiet : IInvariant
{
    public string Sentence => "A process called an API whose quota was used up before its window had turned, or by more than one probe at once.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var closed = new Dictionary<string, (DateTimeOffset Until, int? Probe)>();
        foreach (var line in lines)
        {
            if (line.What is Happening.CallBegan { Call: { } began } && closed.TryGetValue(began.Quota, out var quota))
            {
                if (began.WorkerTime < quota.Until || quota.Probe is not null)
                {
                    return line;
                }

                closed[began.Quota] = quota with { Probe = began.Number };
            }
            else if (line.What is Happening.CallEnded ended)
            {
                Learn(closed, ended, ended.Call.WorkerTime + (line.At - ended.Call.BeganAt));
            }
        }

        return null;
    }

    private static void Learn(Dictionary<string, (DateTimeOffset Until, int? Probe)> closed, Happening.CallEnded ended, DateTimeOffset workerTime)
    {
        var isClosed = closed.TryGetValue(ended.Call.Quota, out var quota);
        var isProbe = isClosed && quota.Probe == ended.Call.Number;
        var fault = ended.Code is null ? (Fault?)null : ended.Code.StartsWith("NoReply", StringComparison.Ordinal) ? Fault.Unknown : EcsFault.Classify(500, ended.Code);
        if (fault == Fault.Throttled)
        {
            var until = ended.RetryAfter is { } hint ? workerTime + hint : new DateTimeOffset(((workerTime.Ticks / TimeSpan.TicksPerMinute) + 1) * TimeSpan.TicksPerMinute, TimeSpan.Zero);
            closed[ended.Call.Quota] = (isClosed && !isProbe && quota.Until > until ? quota.Until : until, isProbe ? null : quota.Probe);
        }
        else if (isProbe && fault is null or Fault.AlreadyDone or Fault.Permanent or Fault.Later)
        {
            closed.Remove(ended.Call.Quota);
        }
        else if (isProbe)
        {
            closed[ended.Call.Quota] = quota with { Probe = null };
        }
    }
}
