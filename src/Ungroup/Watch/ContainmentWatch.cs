using Microsoft.Extensions.Logging;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;

namespace Ungroup.Watch;

/// <summary>
/// Looks at each contained resource once an hour: whether it is still in its isolation group alone. Where it is not, one event says so, once for
/// each time that it is broken. Nothing is changed, and no request waits for these reads.
/// </summary>
internal sealed partial class ContainmentWatch(
    DeliveryTries tries, RemovalLedger ledger, OutcomePublisher publisher, TimeProvider clock, ILogger<ContainmentWatch> logger)
{
    private const int MostLooks = 50;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromHours(1);
    private static readonly TimeSpan BetweenLists = TimeSpan.FromMinutes(1);

    private DateTimeOffset _listedAt;

    /// <summary>One round; how many breaks it has told.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var told = 0;
        var now = clock.GetUtcNow();
        if ((now - _listedAt).Duration() < BetweenLists)
        {
            return 0;
        }

        _listedAt = now;
        var due = (await ledger.Rows.ContainedAsync(cancellationToken))
            .Where(one => one.Row.Broken is { IsTold: false } || (one.Row.LookedAt ?? one.Row.ContainedAt) + BetweenLooks <= now)
            .OrderBy(one => one.Row.LookedAt ?? one.Row.ContainedAt)
            .Take(MostLooks)
            .ToList();
        foreach (var one in due)
        {
            told += await LookAsync(one, cancellationToken) ? 1 : 0;
        }

        return told;
    }

    private async Task<bool> LookAsync(ContainedResource one, CancellationToken cancellationToken)
    {
        if (await ledger.Rows.HolderAsync(one.Account, one.Row, cancellationToken) is not null)
        {
            return false;
        }

        if (await ledger.Rows.ContainmentAsync(one.Account, one.Resource, one.Row, cancellationToken) is not { Snapshot: { IsolationGroup: { } begun } snapshot })
        {
            // The contain was restored, or has changed nothing, and its row was not written behind it.
            await UpdateAsync(one, row => row.Freed(), cancellationToken);
            return false;
        }

        var isolation = one.Row.IsolationGroup(begun)!;
        var groups = await ReadAsync(one, new EcsPlace(one.Account, snapshot.RegionId), isolation, cancellationToken);
        var broken = groups is null ? one.Row.Broken
            : one.Row.IsAsLeft(groups, isolation) ? null
            : one.Row.Broken ?? new(clock.GetUtcNow(), groups);
        var seen = one.Row with { Broken = broken };
        if (groups is not null)
        {
            // Before it is told: whoever tells it again tells the same.
            await UpdateAsync(one, row => row with { LookedAt = clock.GetUtcNow(), Broken = broken }, cancellationToken);
        }

        if (broken is { IsTold: false } && await publisher.TryPublishAsync(BrokenEvent.Of(one with { Row = seen }, broken, isolation), cancellationToken))
        {
            Log.Broken(logger, one.Resource, one.Row.ContainedBy!, string.Join(", ", broken.Groups));
            await UpdateAsync(one, row => row with { Broken = row.Broken is null ? null : broken with { IsTold = true } }, cancellationToken);
            return true;
        }

        return false;
    }

    /// <summary>Null where they could not be read now; the next round reads them. A resource that is gone is as contained as it was.</summary>
    private async Task<IReadOnlyList<string>?> ReadAsync(ContainedResource one, EcsPlace place, string isolation, CancellationToken cancellationToken)
    {
        var (reply, _) = await tries.Open(RemovalProgress.Looking, Origin.Cleanup)
            .LookAsideAsync(place.ReadMembership(one.Resource, isolation), Timeout.InfiniteTimeSpan, cancellationToken);
        return reply is null ? null : Membership.In(one.Resource, reply) switch
        {
            MembershipRead.Found { Membership: var found } => found.Groups,
            MembershipRead.NotFound => [isolation],
            _ => null,
        };
    }

    private Task UpdateAsync(ContainedResource one, Func<ResourceRow, ResourceRow> change, CancellationToken cancellationToken) => ledger.Rows.UpdateAsync(
        one.Account, one.Resource, row => row.ContainedBy == one.Row.ContainedBy && row.HeldBy == one.Row.HeldBy ? change(row) : row, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(607, LogLevel.Error, "{Resource} was contained by {RequestId} and is not alone in its isolation group any more: it is in {Groups}.")]
        public static partial void Broken(ILogger logger, string resource, string requestId, string groups);
    }
}
