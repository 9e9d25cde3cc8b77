using Microsoft.Extensions.Logging;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;

namespace Ungroup.Watch;

/// <summary>
/// Looks at each contained resource once an hour: whether it is still in its isolation group alone, and so is every interface of an instance.
/// Where it is not, one event says so, once for each time that it is broken. Nothing is changed, and no request waits for these reads.
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

    private async Task<bool> LookAsync(ContainedResource listed, CancellationToken cancellationToken)
    {
        // Since it was listed, the looks before this one have taken their time.
        if (await ledger.Rows.SettleAsync(listed.Account, listed.Resource, cancellationToken) is not { ContainedBy: not null } row)
        {
            return false;
        }

        var one = listed with { Row = row };
        if (await ledger.Rows.ContainmentAsync(one.Account, one.Resource, one.Row, cancellationToken) is not { Snapshot: { IsolationGroup: { } begun } snapshot })
        {
            // The contain was restored, or has changed nothing, and its row was not written behind it.
            await ledger.Rows.TryReplaceAsync(one, row.Freed(), cancellationToken);
            return false;
        }

        var isolation = row.IsolationGroup(begun)!;
        var look = await LookAsync(one, snapshot, isolation, cancellationToken);
        var broken = look is null ? row.Broken
            : look.Groups is null ? null
            : row.Broken?.Interface == look.Interface && row.Broken is { } known ? known
            : new(clock.GetUtcNow(), look.Groups, Interface: look.Interface);
        var seen = look is null ? row : row with { LookedAt = clock.GetUtcNow(), Broken = broken };

        // Before it is told: whoever tells it again tells the same. A request that has changed the resource since knows better.
        if (!await ledger.Rows.TryReplaceAsync(one, seen, cancellationToken))
        {
            return false;
        }

        if (broken is { IsTold: false } && await publisher.TryPublishAsync(BrokenEvent.Of(one with { Row = seen }, broken, isolation), cancellationToken))
        {
            Log.Broken(logger, broken.Interface ?? one.Resource, row.ContainedBy, string.Join(", ", broken.Groups));
            await ledger.Rows.TryReplaceAsync(one with { Row = seen }, seen with { Broken = broken with { IsTold = true } }, cancellationToken);
            return true;
        }

        return false;
    }

    /// <summary>Null where it could not be read now; the next round reads it. A resource that is gone is as contained as it was.</summary>
    private async Task<Look?> LookAsync(ContainedResource one, GroupSnapshot snapshot, string isolation, CancellationToken cancellationToken)
    {
        var place = new EcsPlace(one.Account, snapshot.RegionId);
        var (reply, _) = await tries.Open(RemovalProgress.Looking, Origin.Cleanup)
            .LookAsideAsync(place.ReadMembership(one.Resource, isolation), Timeout.InfiniteTimeSpan, cancellationToken);
        return reply is null ? null : Membership.In(one.Resource, reply) switch
        {
            MembershipRead.Found { Membership: var found } when !one.Row.IsAsLeft(found.Groups, isolation) => new(found.Groups),
            MembershipRead.Found { Membership: var found } when snapshot.WithInterfaces =>
                await LookAtAsync([.. found.Secondaries.Except(snapshot.Interfaces.Select(known => known.Resource), StringComparer.Ordinal)], one, place, isolation, cancellationToken),
            MembershipRead.Found or MembershipRead.NotFound => new(null),
            _ => null,
        };
    }

    /// <summary>Interfaces that were attached after the groups of their instance had been written down. One that was contained since has a row of its own.</summary>
    private async Task<Look?> LookAtAsync(IReadOnlyList<string> attached, ContainedResource one, EcsPlace place, string isolation, CancellationToken cancellationToken)
    {
        List<string> loose = [];
        foreach (var card in attached.Order(StringComparer.Ordinal))
        {
            if (await ledger.Rows.ReadAsync(one.Account, card, cancellationToken) is { ContainedBy: null })
            {
                loose.Add(card);
            }
        }

        if (loose.Count == 0)
        {
            return new(null);
        }

        var (reply, _) = await tries.Open(RemovalProgress.Looking, Origin.Cleanup)
            .LookAsideAsync(place.ReadInterfaces(loose, one.Resource, isolation), Timeout.InfiniteTimeSpan, cancellationToken);
        return reply is null ? null
            : loose.Select(card => Membership.In(card, reply) is MembershipRead.Found { Membership: { Type: not "Primary" } found } && !GroupSets.IsAlone(found.Groups, isolation)
                ? new Look(found.Groups, card)
                : null).FirstOrDefault(look => look is not null, new(null));
    }

    /// <summary>A contained resource as it was seen.</summary>
    /// <param name="Groups">Those that are not as they should be; null where all are.</param>
    /// <param name="Interface">Whose they are; null where they are the resource's own.</param>
    private sealed record Look(IReadOnlyList<string>? Groups, string? Interface = null);

    private static partial class Log
    {
        [LoggerMessage(623, LogLevel.Error, "{Resource} was contained by {RequestId}, or attached to what was, and is not alone in the isolation group: it is in {Groups}.")]
        public static partial void Broken(ILogger logger, string resource, string requestId, string groups);
    }
}
