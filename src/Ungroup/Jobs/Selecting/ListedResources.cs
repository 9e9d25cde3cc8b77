using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Jobs.Selecting;

/// <summary>Plans the resources that a sender has listed, a page at a time: as they are, and whole, whether ECS lists them or not.</summary>
internal sealed class ListedResources(JobStore store, PlanReads reads)
{
    public async Task<PlanTurn> ReadAsync(JobHead job, CancellationToken cancellationToken)
    {
        var planning = job.Planning!;
        var page = await store.ReadListAsync(job.Request.Key, planning.Next, Math.Min(store.RowSize, job.Listed - planning.Next), cancellationToken);
        var groups = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        var (instances, cards) = (page.Where(EcsPlace.IsInstance).ToList(), page.Where(id => !EcsPlace.IsInstance(id)).ToList());
        var place = new EcsPlace(job.Request.Account, job.Request.RegionId);
        var group = job.Request.Group ?? "";
        foreach (var call in (EcsCall[])[.. instances.Count > 0 ? [place.ReadInstances(instances, group)] : (EcsCall[])[], .. cards.Count > 0 ? [place.ReadInterfaces(cards, group, group)] : (EcsCall[])[]])
        {
            var (reply, stopped) = await reads.SendAsync(call, cancellationToken);
            if (stopped is not null)
            {
                return stopped;
            }

            // A resource that ECS does not list has no groups here, and its own request finds out why.
            foreach (var (item, id) in reply!.Instances.Select(item => (item, item.Text("InstanceId"))).Concat(reply.Interfaces.Select(item => (item, item.Text("NetworkInterfaceId")))))
            {
                groups[id ?? ""] = PlanReply.GroupsIn(item);
            }
        }

        var row = planning.Next / store.RowSize;
        return new PlanTurn.Page(
            job with { Planning = planning with { Next = planning.Next + page.Count, Pages = row + 1 } },
            [JobStore.PlanRow(row, page.Select(id => new PlanItem(id, job.Request.RegionId, groups.GetValueOrDefault(id))))]);
    }
}
