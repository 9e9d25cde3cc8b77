using Microsoft.Extensions.Options;
using Ungroup.Ecs.Changes;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ecs.Containment;

/// <summary>Works on one contain or restore for one delivery.</summary>
internal sealed class ContainmentProcedure(DeliveryTries tries, ChangeTools tools, IOptions<AccountsOptions> accounts)
{
    // A request that has begun goes on behind its deadline: half a containment helps nobody. But not for ever.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public async Task<RemovalResult> RunAsync(
        RemovalRequest request, Lease lease, RemovalProgress progress, CancellationToken cancellationToken)
    {
        var deadline = lease.Record.Deadline;
        progress = lease.Record.Attempts > 0 ? progress with { Deadline = deadline + Grace } : progress;
        var ecs = tries.Open(progress, request.Origin);
        var change = new ChangeRequest(request, lease, progress, ecs);
        var by = accounts.Value.Accounts.TryGetValue(request.Account, out var account) ? account.ContainBy : ContainBy.JoinThenLeave;
        IChangeRun run = request.Action == RequestAction.Contain ? new ContainRun(change, tools, by) : new RestoreRun(change, tools, by);
        var result = await tries.RunAsync(run.TryAsync, ecs, progress, () => change.HasBegun, cancellationToken);
        if (!change.HasBegun)
        {
            // Nothing was changed: nobody else waits for it.
            await tools.Ledger.Rows.ReleaseAsync(lease.Record, run.Held);
            return result;
        }

        // What ECS has always refused for the state of the resource has changed nothing: there is no half of it to see through.
        var end = result is RemovalResult.Wait { For: WaitFor.State } && run.IsAsFound ? deadline : deadline + Grace;
        return result is RemovalResult.Wait wait && tools.Waits.Now >= end
            && await run.ConcludeAsync(wait.Code ?? "DeadlineExceeded", Sentences.DeadlinePassed(progress with { Deadline = end }, wait.Code)) is { } concluded
                ? await tries.RunAsync(_ => new(concluded), ecs, progress, () => true, CancellationToken.None)
                : result;
    }
}
