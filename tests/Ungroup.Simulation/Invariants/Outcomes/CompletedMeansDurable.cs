using Ungroup.Jobs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Outcomes;

internal sealed class CompletedMeansDurable : IInvariant
{
    public string Sentence => "A message was completed while its request had no durable outcome, and no copy of it was on its way.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var copied = new HashSet<Receipt>();
        var jobs = new HashSet<string>();
        foreach (var line in lines)
        {
            if (line.What is Happening.CopyTaken taken)
            {
                copied.Add(taken.From);
            }
            else if (line.What is Happening.JobWrote { Before: null, After.RequestHash: var written })
            {
                jobs.Add(written);
            }
            else if (line.What is Happening.Completed done && done.Receipt.Letter.Drives is null && !copied.Contains(done.Receipt)
                && (done.Receipt.Letter.Job is { } job ? !jobs.Contains(JobHashes.Of(job)) : done.Durable?.Outcome is null || done.Durable.PayloadHash != done.Receipt.Letter.Hash))
            {
                return line;
            }
        }

        return null;
    }
}
