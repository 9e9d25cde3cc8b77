using Ungroup.Jobs;
using Ungroup.Simulation.Invariants;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation;

/// <summary>Many seeds, each on one thread from its beginning to its end, until all are run or one has failed.</summary>
internal sealed class SeedRuns(ulong from, int count, Defect variant = Defect.None, bool onlyJobs = false)
{
    private readonly Lock _sync = new();
    private readonly long[] _tally = new long[Enum.GetValues<Incident>().Length];
    private ulong _next = from;
    private int _begun;

    public SeedResult? Failed { get; private set; }

    public int Finished { get; private set; }

    public long Steps { get; private set; }

    /// <summary>How the jobs of these seeds ended.</summary>
    public SortedDictionary<JobEnd, int> JobEnds { get; } = [];

    public IEnumerable<(Incident Incident, long Count)> Tally => Enum.GetValues<Incident>().Select(incident => (incident, _tally[(int)incident]));

    public Breach? Run(int threads)
    {
        // Work that hops waits there for its turn.
        ThreadPool.SetMinThreads(16 * threads, 4);
        var running = Enumerable.Range(0, threads - 1).Select(_ => new Thread(Work)).ToList();
        running.ForEach(thread => thread.Start());
        Work();
        running.ForEach(thread => thread.Join());
        return Failed?.Breach;
    }

    private void Work()
    {
        while (Failed is null && Next() is { } seed)
        {
            Take(Life.Run(seed, variant));
        }
    }

    private ulong? Next()
    {
        lock (_sync)
        {
            while (onlyJobs && !World.HasJobs(_next))
            {
                _next++;
            }

            return _begun++ < count ? _next++ : null;
        }
    }

    private void Take(SeedResult result)
    {
        lock (_sync)
        {
            Finished++;
            Steps += result.Steps;
            foreach (var line in result.History.Lines)
            {
                if (line.What is Happening.JobWrote { Before.State: not JobState.Ended, After: { State: JobState.Ended, EndedAs: { } end } })
                {
                    JobEnds[end] = JobEnds.GetValueOrDefault(end) + 1;
                }
            }

            for (var incident = 0; incident < _tally.Length; incident++)
            {
                _tally[incident] += result.History.Tally[incident];
            }

            // The lowest of those that fail, so that two runs of the same seeds say the same.
            if (result.Breach is not null && (Failed is null || result.Seed < Failed.Seed))
            {
                Failed = result;
            }
        }
    }
}
