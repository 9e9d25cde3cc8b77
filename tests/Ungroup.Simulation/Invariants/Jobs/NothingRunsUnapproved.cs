using Ungroup.Requests;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

internal sealed class NothingRunsUnapproved : IInvariant
{
    public string Sentence => "A request of a job was made, or something left a group, before somebody had approved the plan.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => JobStories.FirstOf(lines, (jobs, line) => line.What switch
    {
        Happening.Wrote { Before: null, After: { Door: var door, Key: var key } } when door.IsByJob() => jobs.Of(key) is not { } job || (jobs.NeedsApproval(job.Head!.Request) && !job.IsApproved),
        Happening.CallBegan { Call: { Action: "LeaveSecurityGroup", Group: Ids.ApprovalGroup, IsOfContainment: false, Key: var key } call } =>
            call.Held?.Record.Door != RequestDoor.ApprovedJob || jobs.Of(key) is not { IsApproved: true },
        _ => false,
    });
}
