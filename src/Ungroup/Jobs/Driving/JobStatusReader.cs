using Ungroup.Ledger;

namespace Ungroup.Jobs.Driving;

/// <summary>Reads the status of jobs from the ledger, with what is known of the portion that is under way.</summary>
internal sealed class JobStatusReader(JobStore jobs, JobChildren children, TimeProvider clock)
{
    /// <summary>Null where the ledger knows no such job.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<JobView?> ReadAsync(JobKey key, CancellationToken cancellationToken) =>
        await jobs.ReadAsync(key, cancellationToken) is { } job ? await ViewAsync(job.Head, cancellationToken) : null;

    /// <summary>The newest jobs first.</summary>
    public async Task<IReadOnlyList<JobView>> ReadNewestAsync(int atMost, CancellationToken cancellationToken)
    {
        List<JobView> views = [];
        foreach (var (key, createdAt, _) in await jobs.Index.ReadNewestAsync(behind: null, atMost, cancellationToken))
        {
            // A row whose job is not there was written by somebody who was gone right after.
            if (await jobs.ReadAsync(key, cancellationToken) is { } job && job.Head.CreatedAt == createdAt)
            {
                views.Add(JobView.Of(job.Head, open: null, clock.GetUtcNow()));
            }
        }

        return views;
    }

    private async Task<JobView> ViewAsync(JobHead job, CancellationToken cancellationToken)
    {
        var open = job.Open is { IssuedAt: not null } portion ? (await children.LookAsync(job, portion, cancellationToken)).View : null;
        return JobView.Of(job, open, clock.GetUtcNow());
    }
}
