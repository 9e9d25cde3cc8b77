using System.Globalization;
using System.Text;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Claimers;

/// <summary>Wants every key, and comes back to those that others hold until each is decided.</summary>
internal sealed class Claimer(RemovalLedger ledger, LedgerOwner owner)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public async Task RunAsync(int keys, int first)
    {
        Queue<int> wanted = new(Enumerable.Range(0, keys).Select(number => (first + number) % keys));
        for (var held = 0; wanted.TryDequeue(out var key);)
        {
            if (await IsDecidedAsync(key))
            {
                held = 0;
                continue;
            }

            wanted.Enqueue(key);
            if (++held >= wanted.Count)
            {
                await Task.Delay(Pause, TimeProvider.System);
            }
        }
    }

    private async Task<bool> IsDecidedAsync(int key)
    {
        try
        {
            return await WorkAsync(key);
        }
        catch (LedgerUnavailableException error)
        {
            // As a worker lets its message wait. The request comes free with its lease.
            await Console.Error.WriteLineAsync(error.Message);
            return false;
        }
    }

    private async Task<bool> WorkAsync(int key)
    {
        switch (await ledger.ClaimAsync(Request(key), $"m-{key}", TimeProvider.System.GetUtcNow().AddDays(1), CancellationToken.None))
        {
            case Claim.Decided:
                return true;

            case Claim.Granted { Lease: var lease }:
                return await ledger.BeginAttemptAsync(lease, CancellationToken.None) && await CallAsync(key, lease);

            case Claim.Busy:
                return false;

            default:
                throw new InvalidOperationException($"Key {key} belongs to another request.");
        }
    }

    private async Task<bool> CallAsync(int key, Lease lease)
    {
        var epoch = lease.Record.Epoch;
        Tell("called", key, epoch);
        var told = new OutcomeEvent($"id-{key}", "ungroup.removal.Removed.v1", "i-claimed", Encoding.UTF8.GetBytes($"{owner.Id} {epoch}"));
        if (!await ledger.RecordAsync(lease, told, CancellationToken.None))
        {
            return false;
        }

        Tell("decided", key, epoch);
        return true;
    }

    private void Tell(string what, int key, int epoch) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what} {key} {epoch} {owner.Id}"));

    private static RemovalRequest Request(int key) => new()
    {
        RequestId = $"k/{key}",
        Account = "default",
        SecurityGroup = SecurityGroupId.TryParse("sg-claimed", out var group) ? group : throw new InvalidOperationException(),
        Resource = ResourceId.Instance.TryParse("i-claimed", out var instance) ? instance : throw new InvalidOperationException(),
        RegionId = "cn-hangzhou",
    };
}
