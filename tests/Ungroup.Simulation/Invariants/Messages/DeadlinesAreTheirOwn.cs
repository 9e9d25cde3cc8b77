using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Messages;

/// <summary>
/// The day begins when the first message of a request came, however long that one waits before a worker takes it up. Of a job's request it
/// begins when its driver writes it down, by the driver's clock, which may be off by an hour for a while.
/// </summary>
internal sealed class DeadlinesAreTheirOwn : IInvariant
{
    // The longest that clocks are apart, and some time on the way.
    private static readonly TimeSpan Skewed = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Jumped = TimeSpan.FromHours(1);

    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    public string Sentence => "A request that names no end was given less than its day: somebody else has said when it came.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var came = new Dictionary<(string Account, string RequestId), DateTimeOffset>();
        foreach (var line in lines)
        {
            if (line.What is Happening.Sent { Letter.Request: { } request })
            {
                came.TryAdd((request.Account, request.RequestId), line.At);
            }
            else if (line.What is Happening.Wrote { Before: null, After: { Request.ExpiresAt: null } record }
                && record.Deadline < came.GetValueOrDefault((record.Key.Account, record.Key.RequestId), line.At) + Life - Skewed - (record.Door.IsByJob() ? Jumped : TimeSpan.Zero))
            {
                return line;
            }
        }

        return null;
    }
}
