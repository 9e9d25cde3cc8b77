using System.Runtime.CompilerServices;
using Ungroup.Ledger;

namespace Ungroup.Jobs.Driving;

/// <summary>Reads the status of jobs from the ledger, with what is known of the portion that is under way.</summary>
internal sealed class JobStatusReader(JobStore jobs, JobChildren children, TimeProvider clock)
{
    private const int JobsAtOnce = 50;

    // A caller who looks for something rare asks again, with the place that was reached.
    private const int MostLookedAt = 1_000;

    /// <summary>Null where the ledger knows no such job.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<JobView?> ReadAsync(JobKey key, CancellationToken cancellationToken) =>
        await ReadHeadAsync(key, cancellationToken) is { } job ? await ViewAsync(job, cancellationToken) : null;

    /// <summary>Null where the ledger knows no such job.</summary>
    public async Task<JobHead?> ReadHeadAsync(JobKey key, CancellationToken cancellationToken) => (await jobs.ReadAsync(key, cancellationToken))?.Head;

    /// <summary>The newest jobs first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="behind">Where the last page ended; null for the first.</param>
    /// <param name="atMost">The length of a page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<JobViews> ReadPageAsync(JobFilter filter, string? behind, int atMost, CancellationToken cancellationToken) => filter.State is null or JobState.Ended
        ? ReadAnyAsync(filter, behind, atMost, cancellationToken)
        : ReadLiveAsync(filter, behind, atMost, cancellationToken);

    /// <summary>Those that have not ended are few, and have an index of their own.</summary>
    private async Task<JobViews> ReadLiveAsync(JobFilter filter, string? behind, int atMost, CancellationToken cancellationToken)
    {
        List<(string Place, JobHead Job)> found = [];
        foreach (var keys in (await jobs.Index.ReadLiveAsync(cancellationToken)).Where(key => filter.Account is null || key.Account == filter.Account).Chunk(JobsAtOnce))
        {
            var heads = await Task.WhenAll(keys.Select(key => ReadHeadAsync(key, cancellationToken)));
            found.AddRange(heads.OfType<JobHead>().Where(head => head.State == filter.State).Select(head => (JobIndex.PlaceOf(head.Request.Key, head.CreatedAt), head)));
        }

        var rest = found.Where(one => string.CompareOrdinal(one.Place, behind) > 0).OrderBy(one => one.Place, StringComparer.Ordinal).ToList();
        return new(
            [.. rest.Take(atMost).Select(one => JobView.Of(one.Job, open: null, clock.GetUtcNow()))],
            rest.Count > atMost ? rest[atMost - 1].Place : null);
    }

    private async Task<JobViews> ReadAnyAsync(JobFilter filter, string? behind, int atMost, CancellationToken cancellationToken)
    {
        List<JobView> views = [];
        for (var lookedAt = 0; lookedAt < MostLookedAt;)
        {
            var rows = await jobs.Index.ReadNewestAsync(behind, JobsAtOnce, cancellationToken);
            var heads = await Task.WhenAll(rows.Select(row => filter.Account is null || row.Key.Account == filter.Account ? ReadHeadAsync(row.Key, cancellationToken) : Task.FromResult<JobHead?>(null)));
            foreach (var (row, head) in rows.Zip(heads))
            {
                behind = row.Row;

                // A row whose job is not there was written by somebody who was gone right after.
                if (head is not null && head.CreatedAt == row.CreatedAt && (filter.State is null || head.State == filter.State))
                {
                    views.Add(JobView.Of(head, open: null, clock.GetUtcNow()));
                    if (views.Count == atMost)
                    {
                        return new(views, behind);
                    }
                }
            }

            if (rows.Count < JobsAtOnce)
            {
                return new(views);
            }

            lookedAt += rows.Count;
        }

        return new(views, behind);
    }

    /// <summary>The result of each resource of the plan, in its order; nothing where there is no plan.</summary>
    /// <param name="job">As it was read: portions that are closed meanwhile are told as they were then, or later.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async IAsyncEnumerable<ResourceResult> ReadResultsAsync(JobHead job, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (job.Plan is not { } plan)
        {
            yield break;
        }

        var closed = job.Open?.First ?? job.Next;
        var open = job.Open is { IssuedAt: not null } issued
            ? (await children.LookAsync(job, issued, cancellationToken)).Ended.ToDictionary(result => result.Resource, StringComparer.Ordinal)
            : [];
        await using var results = jobs.ReadResultsAsync(job.Request.Key, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var at = 0;
        await foreach (var item in jobs.ReadPlanAsync(job.Request.Key, plan.Rows, cancellationToken))
        {
            if (at < closed)
            {
                yield return await results.MoveNextAsync() && results.Current.Resource == item.Resource
                    ? ResourceResult.Of(job.Request, item, results.Current)
                    : throw new LedgerUnavailableException($"The ledger has lost the result of {item.Resource} in job {job.Request.Key}.");
            }
            else if (open.GetValueOrDefault(item.Resource) is { } ended)
            {
                yield return ResourceResult.Of(job.Request, item, ended);
            }
            else
            {
                yield return ResourceResult.Of(job.Request, item, at < job.Next ? ResourceResult.Open : ResourceResult.NotStarted);
            }

            at++;
        }

        if (at != plan.Count)
        {
            throw new LedgerUnavailableException($"The ledger has {at:N0} of {plan.Count:N0} resources of the plan of job {job.Request.Key}.");
        }
    }

    private async Task<JobView> ViewAsync(JobHead job, CancellationToken cancellationToken)
    {
        var open = job.Open is { IssuedAt: not null } portion ? (await children.LookAsync(job, portion, cancellationToken)).View : null;
        return JobView.Of(job, open, clock.GetUtcNow());
    }
}

/// <summary>Which jobs are listed; null members ask for nothing.</summary>
internal sealed record JobFilter(JobState? State, string? Account);
