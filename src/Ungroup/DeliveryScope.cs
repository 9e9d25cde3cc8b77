using Microsoft.Extensions.Logging;
using Ungroup.Ecs.Changes;
using Ungroup.Holds;
using Ungroup.Intake;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Time;

namespace Ungroup;

/// <summary>Surrounds the work on a delivery: its trace, its account's share of the places, a ledger that is away.</summary>
internal sealed partial class DeliveryScopes(
    AccountShares shares, HoldWatch holds, HourAllowances allowances, Waits waits, Telemetry telemetry, TimeProvider clock, ILogger<RemovalHandler> logger)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>
    /// The wait that a hold makes of a request now; null where there is none. At its deadline it is ended, hold or not, which calls nothing.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="lease">Ours.</param>
    /// <param name="queue">The queue that it came by; null where its message is gone.</param>
    /// <param name="groups">Those that are known by now and that the request does not name.</param>
    /// <param name="cancellationToken">Stops waiting for the ledger.</param>
    public async ValueTask<RemovalResult.Wait?> HeldAsync(
        RemovalRequest request, Lease lease, string? queue, IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(lease);
        if (clock.GetUtcNow() >= lease.Record.Deadline)
        {
            return null;
        }

        var subject = HoldSubject.Of(request, RequestQueues.OriginBy(queue, request.Origin), groups);
        return await holds.AskAsync(subject, cancellationToken) is { } held ? Under(held, subject, lease) : null;
    }

    /// <summary>Adds what is asked right before each call: the holds, and the hour's allowance.</summary>
    public RemovalProgress WithHolds(RemovalProgress progress, RemovalRequest request, Lease lease, string? queue)
    {
        ArgumentNullException.ThrowIfNull(progress);
        ArgumentNullException.ThrowIfNull(request);
        var origin = RequestQueues.OriginBy(queue, request.Origin);
        var permit = new ChangePermit(allowances, request.Account, isCounted: origin == Origin.Cleanup && lease.Record.Door != RequestDoor.ApprovedJob);
        return progress with
        {
            HeldAsync = (groups, cancellationToken) => HeldAsync(request, lease, queue, groups, cancellationToken),
            PermitAsync = async (group, cancellationToken) => await permit.TakeAsync(group, cancellationToken) is { } hold
                ? Under(holds.Under(hold), HoldSubject.Of(request, origin, group), lease)
                : null,
            SettlePermit = permit.Settle,
        };
    }

    private RemovalResult.Wait Under(Held held, HoldSubject subject, Lease lease)
    {
        telemetry.Held(subject);
        var until = DateTimeOffset.Earlier(held.Until, lease.Record.Deadline);
        return new(until, held.Why, Code: null) { For = WaitFor.Hold, MayHaveLeft = lease.Record.MayHaveLeft };
    }

    /// <summary>When a request comes back. A clock of ours that was set back since the wait was made must not make it an hour longer.</summary>
    public DateTimeOffset ReturnAt(RemovalResult.Wait wait) =>
        wait.For == WaitFor.NotBefore ? wait.Until : DateTimeOffset.Earlier(wait.Until, waits.LatestReturn);

    public async Task<Settlement> RunAsync(Delivery received, Func<DeliveryScope, Task<Settlement>> settleAsync)
    {
        ArgumentNullException.ThrowIfNull(received);
        var delivery = PostponedCopy.Restore(received);
        using var activity = Telemetry.Begin(delivery);
        var settlement = await SettleAsync(delivery, settleAsync);
        telemetry.Settled(settlement);
        return settlement;
    }

    private async Task<Settlement> SettleAsync(Delivery delivery, Func<DeliveryScope, Task<Settlement>> settleAsync)
    {
        using var scope = new DeliveryScope(delivery, shares, clock);
        try
        {
            return await settleAsync(scope);
        }
        catch (LedgerUnavailableException error)
        {
            Log.LedgerAway(logger, delivery.MessageId, error);
            return scope.PostponeBriefly(error.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Warning, "The ledger did not answer; message {MessageId} waits, and no new call is made for it.")]
        public static partial void LedgerAway(ILogger logger, string messageId, Exception error);
    }
}

internal sealed class DeliveryScope(Delivery delivery, AccountShares shares, TimeProvider clock) : IDisposable
{
    public static readonly TimeSpan Briefly = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan AfterACopy = TimeSpan.FromSeconds(2);

    private readonly BrokerTime _broker = new(delivery, clock);
    private AccountShare? _share;

    public Delivery Delivery => delivery;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Null where the account has a place for the request, which is given back with the scope.</summary>
    public async ValueTask<Settlement?> EnterAsync(RemovalRequest request, CancellationToken cancellationToken)
    {
        Telemetry.Describe(request);
        _share = await shares.TakeAsync(delivery.Queue, request.Account, cancellationToken);
        return _share is null
            ? Postpone(shares.ReturnAt(request.Origin, delivery.Postponements), Crowded(request)) with { Origin = request.Origin }
            : null;
    }

    public RemovalResult.Wait? UntilNotBefore(RemovalRequest request, Lease lease) => request.NotBefore > _broker.Now
        ? new(_broker.ToOurs(request.NotBefore.Value), "notBefore has not come.", Code: null) { For = WaitFor.NotBefore, MayHaveLeft = lease.Record.MayHaveLeft }
        : null;

    /// <summary>The message comes back at this instant of the broker's clock, even if ours is set in between.</summary>
    public Settlement.Postpone Postpone(DateTimeOffset until, string why) => new(_broker.OfOurs(until), why);

    public Settlement.Postpone PostponeBriefly(string why) => Postpone(Now + Briefly, why);

    public Settlement.Postpone Overtaken() =>
        PostponeBriefly("Another owner has taken this request over; its outcome is theirs to tell.");

    /// <summary>
    /// Behind one that works, a message looks again soon. Behind one that waits it comes when that does: to look in between shows nothing, and a
    /// copy whose reply is lost makes two messages of one each time.
    /// </summary>
    public Settlement.Postpone PostponeBehind(Claim.Busy busy, RemovalRequest request)
    {
        var patience = TimeSpan.FromSeconds(Math.Min(60, 2 << Math.Min(delivery.Postponements, 5)));
        var atTheLatest = busy.IsWaiting ? busy.Until + AfterACopy : DateTimeOffset.Earlier(busy.Until + AfterACopy, Now + patience);
        var until = request.NotBefore is { } notBefore ? DateTimeOffset.Later(atTheLatest, _broker.ToOurs(notBefore) + AfterACopy) : atTheLatest;
        return Postpone(until, "Another delivery works on this request, or it waits for its time.");
    }

    public void Dispose() => _share?.Leave();

    private string Crowded(RemovalRequest request) =>
        $"Account {request.Account} has half of the {delivery.Queue?.Concurrency} places of {delivery.Queue?.Name} in hand; the others are for other accounts.";
}
