using System.Diagnostics;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Benchmarks.Ledgers;

/// <summary>A removal as the ledger sees it, its call left out.</summary>
internal static class OneRemoval
{
    private static readonly OutcomeEvent Told = new("id", "ungroup.removal.Removed.v1", "i-bench", new byte[900]);

    /// <summary>Claimed and noted as called.</summary>
    public static async Task<Lease> BeginAsync(RemovalLedger ledger, string requestId)
    {
        var claim = await ledger.ClaimAsync(Request(requestId), $"m-{requestId}", DateTimeOffset.MaxValue, CancellationToken.None);
        return claim is Claim.Granted { Lease: var lease } && await ledger.BeginAttemptAsync(lease, CancellationToken.None)
            ? lease
            : throw new InvalidOperationException($"Request {requestId} is somebody else's.");
    }

    public static async Task DecideAsync(RemovalLedger ledger, Lease lease)
    {
        if (!await ledger.RecordAsync(lease, Told, CancellationToken.None))
        {
            throw new InvalidOperationException($"{lease.Record.Key} is somebody else's.");
        }
    }

    /// <summary>The rest of one that is over and was published.</summary>
    public static LedgerRecord Past(string requestId, DateTimeOffset at) => new()
    {
        Key = new("default", requestId),
        PayloadHash = PayloadHash.Of(Request(requestId)),
        State = LedgerState.Published,
        Epoch = 1,
        Attempts = 1,
        MayHaveLeft = true,
        FirstSeenAt = at,
        Deadline = at + TimeSpan.FromHours(24),
        MessageId = $"m-{requestId}",
        Outcome = Told,
        DecidedAt = at,
        ForgetAt = at + new LedgerOptions().Keep,
    };

    private static RemovalRequest Request(string requestId) => new()
    {
        RequestId = requestId,
        Account = "default",
        SecurityGroup = SecurityGroupId.TryParse("sg-bench", out var group) ? group : throw new UnreachableException(),
        Resource = ResourceId.Instance.TryParse("i-bench", out var instance) ? instance : throw new UnreachableException(),
        RegionId = "cn-hangzhou",
        RequestedBy = "benchmark",
        Reason = "to see how long it takes",
    };
}
