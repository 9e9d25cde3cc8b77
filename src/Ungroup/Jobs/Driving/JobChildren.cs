using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Jobs.Driving;

/// <summary>The requests of a portion. Each has its record before its message is sent, so that the record says whose it is.</summary>
internal sealed class JobChildren(JobStore jobs, RemovalLedger ledger, IRequestBus bus)
{
    /// <summary>Sends all of them. One that has been sent before is the same message, and the ledger absorbs it.</summary>
    /// <exception cref="LedgerUnavailableException">Nothing was sent.</exception>
    public async Task IssueAsync(JobHead job, Portion portion, CancellationToken cancellationToken)
    {
        var requests = await RequestsAsync(job, portion, cancellationToken);
        var door = job.Request.Action == RequestAction.Restore ? RequestDoor.RestoreJob : job.Approval is { IsApproved: true } ? RequestDoor.ApprovedJob : RequestDoor.Job;
        await Task.WhenAll(requests.Select(request => ledger.AnnounceAsync(request, door, request.RequestId, cancellationToken)));
        await bus.SendAsync(
            RequestQueueOf(job), [.. requests.Select(request => new OutgoingRequest(request.RequestId, request.ToBody()))], cancellationToken);
    }

    /// <summary>The results so far: one for each that has ended, in the order of the plan.</summary>
    public async Task<(PortionView View, IReadOnlyList<ChildResult> Ended)> LookAsync(JobHead job, Portion portion, CancellationToken cancellationToken)
    {
        var items = await jobs.ReadPortionAsync(job.Request.Key, portion, cancellationToken);
        var requests = items.Select(item => job.Request.ChildOf(item.Resource)).ToList();
        var records = await Task.WhenAll(requests.Select(request => ledger.ReadAsync(new(request.Account, request.RequestId), cancellationToken)));
        var results = items.Zip(requests, records).Select(one => ResultOf(one.First.Resource, one.Second, one.Third)).ToList();
        List<ChildResult> ended = [.. results.OfType<ChildResult>()];
        var view = new PortionView(requests.Count - ended.Count, JobCounts.Of(ended), records.Count(record => record?.Record is { Epoch: 0, Outcome: null }))
        {
            Waits = WaitKind.Of(records.Zip(results).Where(one => one.Second is null).Select(one => one.First?.WaitsFor).OfType<WaitReason>()),
        };
        return (view, ended);
    }

    /// <summary>Null while it has not ended.</summary>
    private static ChildResult? ResultOf(string resource, RemovalRequest request, StoredRecord? stored)
    {
        if (stored is null)
        {
            return new(resource, nameof(OutcomeStatus.Rejected), "LedgerRefused", $"The ledger holds no record of {request.RequestId}, and nothing was called.");
        }

        if (stored.Record.PayloadHash != PayloadHash.Of(request))
        {
            return new(resource, nameof(OutcomeStatus.Rejected), "IdempotencyConflict", $"`requestId` {request.RequestId} belongs to a request that says something else.");
        }

        return stored.Record.Outcome?.ReadFacts() is { } facts ? new(resource, facts.Status, facts.Code, facts.Sentence) { AlreadyContained = facts.AlreadyContained ? true : null } : null;
    }

    private async Task<IReadOnlyList<RemovalRequest>> RequestsAsync(JobHead job, Portion portion, CancellationToken cancellationToken) =>
        [.. (await jobs.ReadPortionAsync(job.Request.Key, portion, cancellationToken)).Select(item => job.Request.ChildOf(item.Resource))];

    private static string RequestQueueOf(JobHead job) => job.Queue ?? QueueNames.For(job.Request.Origin);
}
