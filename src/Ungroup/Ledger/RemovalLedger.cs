using Microsoft.Extensions.Options;
using Ungroup.Outcomes;
using Ungroup.Requests;

namespace Ungroup.Ledger;

/// <summary>
/// The life of a request, on any store: <c>absent → Claimed → Called → Decided → Published</c>. Inserts first and reads on
/// conflict; every later write is conditional, so an owner that was overtaken is told so and stops.
/// A claim is never deleted because a call threw: a lost reply is not a failure.
/// </summary>
public sealed class RemovalLedger(ILedgerStore store, LedgerOwner owner, IOptions<LedgerOptions> options, TimeProvider clock)
{
    // A postponed copy may come a moment early by the ledger's clock; sending it round again would help nobody.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    private readonly LedgerOptions _options = options.Value;

    public async Task<Claim> ClaimAsync(RemovalRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var now = clock.GetUtcNow();
        var fresh = new LedgerRecord
        {
            Key = new(request.Account, request.RequestId),
            PayloadHash = PayloadHash.Of(request),
            State = LedgerState.Claimed,
            Owner = owner.Id,
            LeaseUntil = now + _options.Lease,
            FirstSeenAt = now,
            ForgetAt = now + _options.Keep,
        };

        var (stored, inserted) = await store.InsertAsync(fresh, cancellationToken);
        return inserted ? new Claim.Granted(new(stored)) : await ClaimExistingAsync(stored, fresh, cancellationToken);
    }

    /// <summary>Writes <c>Called(attempt n)</c> and renews the lease. False: the request is somebody else's, make no call.</summary>
    public Task<bool> BeginAttemptAsync(Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return WriteAsync(
            lease,
            lease.Record with
            {
                State = LedgerState.Called,
                Attempts = lease.Record.Attempts + 1,
                MayHaveLeft = true,
                LeaseUntil = LeaseFrom(clock.GetUtcNow()),
            },
            cancellationToken);
    }

    /// <summary>Gives the lease up until a copy of the message comes back at <paramref name="until"/>.</summary>
    public Task<bool> ReleaseAsync(Lease lease, DateTimeOffset until, bool mayHaveLeft, string? lastCode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return WriteAsync(
            lease,
            lease.Record with { Owner = null, LeaseUntil = until, MayHaveLeft = mayHaveLeft, LastCode = lastCode ?? lease.Record.LastCode },
            cancellationToken);
    }

    /// <summary>Writes the outcome and its pending event at once. False: somebody else decides, publish nothing.</summary>
    public Task<bool> DecideAsync(Lease lease, OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var now = clock.GetUtcNow();
        return WriteAsync(
            lease,
            lease.Record with { State = LedgerState.Decided, Owner = null, Outcome = outcome, DecidedAt = now, ForgetAt = now + _options.Keep },
            cancellationToken);
    }

    /// <summary>Notes that the broker has the event. A conflict means that somebody else has noted the same.</summary>
    public async Task MarkPublishedAsync(StoredRecord decided, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decided);
        if (decided.Record.State == LedgerState.Decided)
        {
            await store.ReplaceAsync(decided, decided.Record with { State = LedgerState.Published }, cancellationToken);
        }
    }

    /// <summary>Outcomes decided some time ago whose events may not have been sent.</summary>
    public Task<IReadOnlyList<StoredRecord>> ReadPendingAsync(TimeSpan decidedAgo, int atMost, CancellationToken cancellationToken) =>
        store.ReadPendingAsync(clock.GetUtcNow() - decidedAgo, atMost, cancellationToken);

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public Task<int> ForgetAsync(CancellationToken cancellationToken) => store.ForgetAsync(clock.GetUtcNow(), cancellationToken);

    private async Task<Claim> ClaimExistingAsync(StoredRecord stored, LedgerRecord fresh, CancellationToken cancellationToken)
    {
        var record = stored.Record;
        if (record.PayloadHash != fresh.PayloadHash)
        {
            return new Claim.Conflict(record.FirstSeenAt);
        }

        if (record.Outcome is { } outcome)
        {
            return new Claim.Decided(stored, outcome);
        }

        if (!IsFree(stored))
        {
            return new Claim.Busy(record.LeaseUntil);
        }

        var taken = record with { Owner = owner.Id, Epoch = record.Epoch + 1, LeaseUntil = LeaseFrom(stored.StoreTime) };
        var replaced = await store.ReplaceAsync(stored, taken, cancellationToken);
        return replaced is null ? new Claim.Busy(LeaseFrom(stored.StoreTime)) : new Claim.Granted(new(replaced));
    }

    private bool IsFree(StoredRecord stored) => stored.Record switch
    {
        { Owner: null } waiting => waiting.LeaseUntil <= stored.StoreTime + Early,
        { Owner: { } other } held => held.LeaseUntil <= stored.StoreTime || store.IsGone(other),
    };

    private DateTimeOffset LeaseFrom(DateTimeOffset now) => now + _options.Lease;

    private async Task<bool> WriteAsync(Lease lease, LedgerRecord next, CancellationToken cancellationToken)
    {
        if (lease.IsLost || await store.ReplaceAsync(lease.Stored, next, cancellationToken) is not { } written)
        {
            lease.IsLost = true;
            return false;
        }

        lease.Stored = written;
        return true;
    }
}
