using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Calls;

/// <summary>The whole fleet's clean-ups, by account, group and hour of the store; a call that begins in an hour's first minute may be of the hour before.</summary>
internal sealed class NoMoreThanTheHoursNumber : IInvariant
{
    private static readonly TimeSpan Edge = TimeSpan.FromMinutes(1);

    public string Sentence => "Clean-ups have changed more resources in an hour than they may.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var changed = new Dictionary<(string Account, string Group, long Hour), int>();
        var (most, skew) = (int.MaxValue, TimeSpan.Zero);
        foreach (var line in lines)
        {
            if (line.What is Happening.Limited limited)
            {
                (most, skew) = (limited.Most, limited.StoreSkew);
            }
            else if (line.What is Happening.CallReached { Effective: true, Call: { IsChange: true, IsOfContainment: false, Request.Origin: Origin.Cleanup, Held.Record.Door: not RequestDoor.ApprovedJob } call })
            {
                var at = call.At + skew;
                var hour = at.UtcTicks / TimeSpan.TicksPerHour;
                if (at.UtcTicks % TimeSpan.TicksPerHour < Edge.Ticks)
                {
                    continue;
                }

                var key = (call.Account, call.Group, hour);
                changed[key] = changed.GetValueOrDefault(key) + 1;
                if (changed[key] > most)
                {
                    return line;
                }
            }
        }

        return null;
    }
}
