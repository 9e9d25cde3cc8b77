using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Json;
using Ungroup.Ledger;

namespace Ungroup.Jobs.Selecting;

/// <summary>Makes the plan of a job, a page at a time. The plan is complete, or there is none and the job says why.</summary>
internal sealed class JobPlanner(JobStore store, DeliveryTries tries, Waits waits)
{
    private const int MostLeftOut = 100;

    private static readonly TimeSpan LongestPlanning = TimeSpan.FromHours(24);

    public async Task<PlanTurn> ReadPageAsync(JobHead job, CancellationToken cancellationToken)
    {
        var reads = new PlanReads(tries, waits, job.Request.Origin);
        var turn = job.Request.Select is null
            ? job.Planning!.Next < job.Listed ? await new ListedResources(store, reads).ReadAsync(job, cancellationToken) : await FinishListAsync(job, cancellationToken)
            : job.Planning!.List < GroupMembers.Lists ? await new GroupMembers(reads).ReadAsync(job, cancellationToken) : await FinishSelectionAsync(job, reads, cancellationToken);
        return turn is PlanTurn.Wait wait && waits.Now - job.Planning.BeganAt > LongestPlanning
            ? new PlanTurn.End(JobEnd.Failed, $"The plan could not be made within {LongestPlanning.TotalHours:0} hours. {wait.Why}")
            : turn;
    }

    private async Task<PlanTurn> FinishListAsync(JobHead job, CancellationToken cancellationToken)
    {
        var plan = PlanOf(job, job.Listed, job.Planning!.Pages);
        using var hash = JobHashes.BeginPlan(job.Request, plan.Count, plan.MaxFailures);
        var warnings = new PlanWarnings(job.Request);
        await foreach (var item in store.ReadPlanAsync(job.Request.Key, plan.Rows, cancellationToken))
        {
            JobHashes.Add(hash, item);
            warnings.Add(item);
        }

        return new PlanTurn.Page(job.Planned(plan with { Hash = hash.Take(), Warnings = warnings.Sentences() }), []);
    }

    private async Task<PlanTurn> FinishSelectionAsync(JobHead job, PlanReads reads, CancellationToken cancellationToken)
    {
        var (planning, request) = (job.Planning!, job.Request);
        var found = new SortedDictionary<string, FoundMember>(StringComparer.Ordinal);
        await foreach (var member in store.ReadFoundAsync(request.Key, planning.Listing, cancellationToken))
        {
            found[member.Resource] = member;
        }

        if (found.Count < planning.Expected)
        {
            return GroupMembers.Again(job, $"{found.Count:N0} of {planning.Expected:N0} came");
        }

        var (managed, stopped) = await LookAtGroupsAsync(request, isEmpty: found.Count == 0, reads, cancellationToken);
        if (stopped is not null)
        {
            return stopped;
        }

        var selected = found.Values.Where(member => member is { Fits: true, LeftOut: null }).ToList();
        if (request.StopIfMoreThan is { } percent && selected.Count * 100L > (long)percent * found.Count)
        {
            return new PlanTurn.End(
                JobEnd.Stopped, $"{selected.Count:N0} of the {found.Count:N0} members of {request.Select!.MemberOf} were selected, more than {percent} % (stopIfMoreThan); nothing was done.");
        }

        List<LeftOut> leftOut = [.. found.Values.Where(member => member.Fits && (member.LeftOut ?? managed) is not null).Take(MostLeftOut).Select(member => new LeftOut(member.Resource, member.LeftOut ?? managed!))];
        List<PlanItem> items = managed is not null ? []
            : [.. selected.Take(request.Most ?? int.MaxValue).Select(member => new PlanItem(member.Resource, request.RegionId, member.Groups))];
        return items.Count > JobReader.MostResources
            ? new PlanTurn.End(JobEnd.Failed, $"{items.Count:N0} members of {request.Select!.MemberOf} were selected; a job has at most {JobReader.MostResources:N0} resources: say `most`.")
            : Planned(job, items, found, leftOut);
    }

    private PlanTurn.Page Planned(JobHead job, List<PlanItem> items, SortedDictionary<string, FoundMember> members, List<LeftOut> leftOut)
    {
        List<RowChange> rows = [.. items.Chunk(store.RowSize).Select((part, at) => JobStore.PlanRow(at, part))];
        var plan = PlanOf(job, items.Count, rows.Count) with { Members = members.Count, LeftOut = leftOut.Count > 0 ? leftOut : null };
        using var hash = JobHashes.BeginPlan(job.Request, plan.Count, plan.MaxFailures);
        items.ForEach(item => JobHashes.Add(hash, item));
        var warnings = new PlanWarnings(job.Request);
        items.ForEach(warnings.Add);
        foreach (var member in members.Values)
        {
            warnings.Add(member);
        }

        return new(job.Planned(plan with { Hash = hash.Take(), Warnings = warnings.Sentences() }), rows);
    }

    /// <summary>Why nothing can leave the group; null where ECS knows no such reason. A group that is not there has no members, and is no group without any.</summary>
    private static async Task<(string? Managed, PlanTurn? Stopped)> LookAtGroupsAsync(JobRequest request, bool isEmpty, PlanReads reads, CancellationToken cancellationToken)
    {
        string? managed = null;
        foreach (var group in ((string?[])[request.SecurityGroup?.Value, isEmpty ? request.Select!.MemberOf.Value : null]).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var (reply, stopped) = await reads.SendAsync(new EcsPlace(request.Account, request.RegionId).ReadGroup(group, group), cancellationToken);
            var entry = reply?.Json?.List("SecurityGroups", "SecurityGroup").FirstOrDefault(item => item.Text("SecurityGroupId") == group);
            if (stopped is not null || entry is not { ValueKind: System.Text.Json.JsonValueKind.Object } found)
            {
                return (null, stopped ?? new PlanTurn.End(
                    JobEnd.Failed, $"The plan could not be made: ECS lists no group {group} in {request.RegionId} ({reply!.Code ?? "it may not be there, or may not be read"})."));
            }

            managed ??= group == request.SecurityGroup?.Value && found.IsTrue("ServiceManaged") ? $"a cloud product manages {group}, and ECS lets nobody else change its members" : null;
        }

        return (managed, null);
    }

    private JobPlan PlanOf(JobHead job, int count, int rows) => new()
    {
        Hash = "",
        Count = count,
        Rows = rows,
        MaxFailures = JobPlan.FailuresAllowed(job.Request.MaxFailures, count),
        PlannedAt = waits.Now,
    };
}
