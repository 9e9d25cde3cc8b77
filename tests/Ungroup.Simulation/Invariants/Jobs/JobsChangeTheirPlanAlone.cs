using Ungroup.Jobs;
using Ungroup.Ledger;
using Ungroup.Requests;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

internal sealed class JobsChangeTheirPlanAlone : IInvariant
{
    public string Sentence => "A job has made a request that is not in its plan, or a call for one, or one that says something else.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => JobStories.FirstOf(lines, (jobs, line) => line.What switch
    {
        Happening.Wrote { Before: null, After: var record } => !IsPlanned(jobs, record),
        Happening.CallBegan { Call: { IsChange: true, Held.Record: var record } } => !IsPlanned(jobs, record),
        _ => false,
    });

    private static bool IsPlanned(JobStories jobs, LedgerRecord record) =>
        !record.Door.IsByJob() || record.Request is not { } request
        || (jobs.Of(record.Key) is { Plan: { } plan, Head.Request: var job }
            && plan.FirstOrDefault(item => JobRequest.ChildId(job.JobId, item.Resource) == record.Key.RequestId) is { } planned
            && record.PayloadHash == PayloadHash.Of(job.ChildOf(planned.Resource))
            && (request.Action == RequestAction.Restore ? request.Of == JobRequest.ChildId(job.Of!, planned.Resource) : request.Resource.Value == planned.Resource));
}
