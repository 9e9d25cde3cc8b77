using Microsoft.Extensions.Options;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ledger;

/// <summary>
/// The life of a request on any store: <c>absent → Claimed → Called → Decided → Published</c>. Inserts first and reads on conflict;
/// every later write is conditional, so an owner that was overtaken stops. No claim is deleted because a call threw: a lost reply
/// is not a failure. One file, because every write of a record that has a lease is here.
/// </summary>
internal sealed class RemovalLedger(ILedgerStore store, LedgerOwner owner, IOptions<LedgerOptions> options, TimeProvider clock)
{
    // A postponed copy may come a moment early by the ledger's clock.
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(1);

    // A write, then a read of who holds the resource, and a second for the holds: ValidateLease leaves thirty seconds beside the longest call.
    private static readonly TimeSpan SlowestWrite = TimeSpan.FromSeconds(14);
    private const int MostSlowWrites = 3;

    public static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    // How long the groups of a contained resource are kept for its restore.
    private static readonly TimeSpan LongestContained = TimeSpan.FromDays(365);

    private readonly LedgerOptions _options = options.Value;

    internal ResourceRows Rows { get; } = new(store, clock);

    /// <summary>The first claim's deadline stays, however often the request is sent.</summary>
    public async Task<Claim> ClaimAsync(
        RemovalRequest request, string messageId, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var fresh = Fresh(request, messageId, deadline);
        try
        {
            // Inserted first: of two who read first, both find nothing. The insert alone tells them apart, and a new key costs one trip.
            var (stored, inserted) = await store.InsertAsync(fresh, cancellationToken);
            return inserted ? new Claim.Granted(new(stored)) : await ClaimExistingAsync(stored, fresh, cancellationToken);
        }
        catch (LedgerUnavailableException refused) when (refused.Trouble == LedgerTrouble.Refused)
        {
            return await store.ReadAsync(fresh.Key, cancellationToken) is { } stored
                ? await ClaimExistingAsync(stored, fresh, cancellationToken)
                : new Claim.Refused(refused.Message);
        }
    }

    /// <summary>
    /// Writes down by which door a request came, without taking it up: what a message says of that could be anybody's word. A
    /// request that is known already came as its record says.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The store does not answer.</exception>
    public async Task AnnounceAsync(RemovalRequest request, RequestDoor door, string messageId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var announced = Fresh(request, messageId, DeadlineOf(request, clock.GetUtcNow())) with { Owner = null, Epoch = 0, LeaseFor = TimeSpan.Zero, Door = door };
        try
        {
            await store.InsertAsync(announced, cancellationToken);
        }
        catch (LedgerUnavailableException refused) when (refused.Trouble == LedgerTrouble.Refused)
        {
            // The store will never take it: its message is rejected with the reason.
        }
    }

    /// <summary>When a request ends that came at an instant.</summary>
    public static DateTimeOffset DeadlineOf(RemovalRequest request, DateTimeOffset came)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.ExpiresAt ?? (request.NotBefore > came ? request.NotBefore.Value : came) + LongestLife;
    }

    public Task CheckAsync(CancellationToken cancellationToken) => store.CheckAsync(cancellationToken);

    /// <summary>Takes over a request whose message does not come any more; null where somebody holds it.</summary>
    public async Task<Lease?> TakeOverAsync(StoredRecord stored, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stored);
        return stored.Record.Outcome is null
            && IsFree(stored)
            && await store.ReplaceAsync(stored, TakenOver(stored.Record), cancellationToken) is { } taken
                ? new(taken)
                : null;
    }

    /// <summary>Writes <c>Called(attempt n)</c> and renews the lease. False: another owner has the request, make no call.</summary>
    public async Task<bool> BeginAttemptAsync(Lease lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var called = lease.Record with
        {
            State = LedgerState.Called,
            Attempts = lease.Record.Attempts + 1,
            MayHaveLeft = true,
            LeaseFor = _options.Lease,
        };

        for (var writes = 0; writes < MostSlowWrites; writes++)
        {
            var began = clock.GetTimestamp();
            if (!await WriteAsync(lease, called, cancellationToken))
            {
                return false;
            }

            // The lease runs from the store's write, so a slow reply takes from the time that the call needs.
            if (clock.GetElapsedTime(began) <= SlowestWrite)
            {
                return true;
            }
        }

        throw new LedgerUnavailableException($"The ledger took longer than {SlowestWrite.TotalSeconds:0} s for a write, {MostSlowWrites} times.");
    }

    /// <summary>The contain or restore that changes the resource now; null where none does. In time for the call that an attempt was begun for.</summary>
    public async Task<string?> HolderAsync(Lease lease, string resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var began = clock.GetTimestamp();
        var holder = await Rows.HolderAsync(lease.Record.Key, resource, cancellationToken);
        return clock.GetElapsedTime(began) <= SlowestWrite
            ? holder
            : throw new LedgerUnavailableException($"The ledger took longer than {SlowestWrite.TotalSeconds:0} s to say who changes {resource}.");
    }

    /// <summary>Writes what was found before the first change. False: the request is somebody else's, change nothing.</summary>
    public Task<bool> SnapshotAsync(Lease lease, GroupSnapshot snapshot, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return WriteAsync(lease, lease.Record with { Snapshot = snapshot, LeaseFor = _options.Lease }, cancellationToken);
    }

    /// <summary>Notes that a request has been undone. Its record was kept for that, and from now on is kept no longer than any other.</summary>
    public async Task MarkRestoredAsync(LedgerKey undone, string by, CancellationToken cancellationToken)
    {
        while (await store.ReadAsync(undone, cancellationToken) is { Record: { Outcome: not null, Snapshot: var snapshot } record } stored
            && snapshot?.RestoredBy != by)
        {
            var restored = record with
            {
                Snapshot = (snapshot ?? new() { RegionId = "", Subject = "", Interfaces = [] }) with { RestoredBy = by },
                ForgetAt = clock.GetUtcNow() + _options.Keep,
            };
            if (await store.ReplaceAsync(stored, restored, cancellationToken) is not null)
            {
                return;
            }
        }
    }

    /// <summary>Gives the lease up until a copy of the message comes back at <paramref name="until"/>.</summary>
    public Task<bool> ReleaseAsync(
        Lease lease, DateTimeOffset until, bool mayHaveLeft, string? lastCode, bool metOthers, CancellationToken cancellationToken, WaitReason? waiting = null)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return WriteAsync(
            lease,
            lease.Record with
            {
                Owner = null,
                LeaseFor = until - clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero,
                MayHaveLeft = mayHaveLeft,
                LastCode = lastCode ?? lease.Record.LastCode,
                MetOthers = lease.Record.MetOthers || metOthers,
                Waiting = waiting,
            },
            cancellationToken);
    }

    /// <summary>Writes the outcome and its pending event at once. False: another owner decides, publish nothing.</summary>
    public Task<bool> RecordAsync(Lease lease, OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var now = clock.GetUtcNow();
        return WriteAsync(
            lease,
            lease.Record with
            {
                State = LedgerState.Decided,
                Owner = null,
                LeaseFor = TimeSpan.Zero,
                Request = null,
                Waiting = null,
                Outcome = outcome,
                DecidedAt = now,
                ForgetAt = now + (lease.Record.Snapshot is { IsolationGroup: not null, HasChanged: true } && LongestContained > _options.Keep ? LongestContained : _options.Keep),
            },
            cancellationToken);
    }

    public Task MarkPublishedAsync(IReadOnlyList<StoredRecord> decided, CancellationToken cancellationToken) =>
        store.MarkPublishedAsync(decided, cancellationToken);

    public Task<IReadOnlyList<StoredRecord>> ReadDueAsync(
        Due due, TimeSpan since, StoredRecord? behind, int atMost, CancellationToken cancellationToken) =>
        store.ReadDueAsync(due, clock.GetUtcNow() - since, behind, atMost, cancellationToken);

    public Task<StoredRecord?> ReadAsync(LedgerKey key, CancellationToken cancellationToken) => store.ReadAsync(key, cancellationToken);

    public Task<int> ForgetAsync(CancellationToken cancellationToken) => store.ForgetAsync(clock.GetUtcNow(), cancellationToken);

    private LedgerRecord Fresh(RemovalRequest request, string messageId, DateTimeOffset deadline)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Key = new(request.Account, request.RequestId),
            PayloadHash = PayloadHash.Of(request),
            State = LedgerState.Claimed,
            Owner = owner.Id,
            LeaseFor = _options.Lease,
            FirstSeenAt = now,
            Deadline = deadline,
            MessageId = messageId,
            Request = request,
            ForgetAt = now + _options.Keep,
        };
    }

    private async Task<Claim> ClaimExistingAsync(StoredRecord stored, LedgerRecord fresh, CancellationToken cancellationToken)
    {
        var record = stored.Record;
        if (record.PayloadHash != fresh.PayloadHash)
        {
            return new Claim.Conflict(record);
        }

        if (record.Outcome is { } outcome)
        {
            return new Claim.Decided(stored, outcome);
        }

        if (!IsFree(stored))
        {
            return new Claim.Busy(clock.GetUtcNow() + stored.LeaseLeft) { IsWaiting = record.Owner is null };
        }

        var replaced = await store.ReplaceAsync(stored, TakenOver(record), cancellationToken);
        return replaced is null ? new Claim.Busy(clock.GetUtcNow() + _options.Lease) : new Claim.Granted(new(replaced));
    }

    private bool IsFree(StoredRecord stored) => stored.Record.Owner is { } other
        ? stored.LeaseLeft <= TimeSpan.Zero || store.IsGone(other)
        : stored.LeaseLeft <= Early;

    private LedgerRecord TakenOver(LedgerRecord record) =>
        record with { Owner = owner.Id, Epoch = record.Epoch + 1, LeaseFor = _options.Lease };

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
