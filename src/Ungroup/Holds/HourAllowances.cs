using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Holds;

/// <summary>
/// How many resources clean-ups may still change in this clock hour, by account and group. The whole fleet takes from one row, ten at a time
/// and by a conditional write, so that the hour's number is never exceeded; what a process has taken and not used when the hour is over is
/// lost. The hour is the store's.
/// </summary>
internal sealed partial class HourAllowances(
    ILedgerStore store, HoldRows holds, IOptions<GuardrailOptions> options, TimeProvider clock, ILogger<HourAllowances> logger)
{
    private const int BlockSize = 10;
    private const int MostTries = 20;
    private const string Prefix = "changes:";
    private const string Us = "ungroup";

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string Account, string Group), Purse> _purses = new();

    private int Most => options.Value.MostPerHour;

    /// <summary>Takes one change.</summary>
    /// <returns>The block that it is of; or the hold that stands against it.</returns>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer, and none was taken.</exception>
    public async ValueTask<(AllowanceBlock? Block, Hold? Hold)> TakeAsync(string account, string group, CancellationToken cancellationToken)
    {
        var purse = _purses.GetOrAdd((account, group.ToLowerInvariant()), key => new(() => FetchAsync(key.Account, key.Group)));
        while (true)
        {
            var (block, fetching) = purse.TryTake(IsCurrent);
            if (block is not null)
            {
                return (block, null);
            }

            if (await fetching!.WaitAsync(cancellationToken) is { } used)
            {
                return (null, used);
            }
        }
    }

    /// <summary>Ends a hold. One that is there because an hour's allowance is used up lets as many changes go once more.</summary>
    /// <returns>The hold that has ended; null where there is none of this id.</returns>
    public static async Task<Hold?> LiftAsync(ILedgerStore store, HoldRows holds, string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(holds);

        // The allowance first: without the hold and without it, the hold would be there again at once.
        if ((await holds.ReadAsync(cancellationToken)).FirstOrDefault(hold => hold.Id == id)?.Allowance is { } used)
        {
            await RenewAsync(store, used, cancellationToken);
        }

        return await holds.LiftAsync(id, cancellationToken);
    }

    /// <summary>Deletes the rows of holds that are over, and of hours that are long over.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        await holds.ForgetAsync(cancellationToken);
        foreach (var note in (await store.ReadNotesAsync(Prefix, cancellationToken)).Where(note => note.Age > KeptFor))
        {
            await store.DeleteNoteAsync(note, cancellationToken);
        }
    }

    private bool IsCurrent(AllowanceBlock block) => HourOf(block.StoreTime + clock.GetElapsedTime(block.At)) == block.Hour;

    /// <summary>Fills the purse, or says which hold stands against that.</summary>
    private async Task<(AllowanceBlock? Block, Hold? Used)> FetchAsync(string account, string group)
    {
        var name = $"{Prefix}{account}:{group}";
        for (var tries = 0; tries < MostTries; tries++)
        {
            var at = clock.GetTimestamp();
            var note = await store.ReadNoteAsync(name, CancellationToken.None);
            var now = note?.StoreTime ?? clock.GetUtcNow();
            var row = RowIn(note, HourOf(now));
            var size = Math.Min(BlockSize, Most - row.Taken);
            if (size <= 0)
            {
                if (await HoldAsync(account, group, name, row, now) is { } hold)
                {
                    return (null, hold);
                }

                continue;
            }

            // The write may come behind the end of the hour: then what it took is lost.
            if (await WriteAsync(store, note, name, row with { Taken = row.Taken + size }, CancellationToken.None) is { } written
                && HourOf(written.StoreTime) == row.Hour)
            {
                return (new(row.Hour, written.StoreTime, at) { Left = size }, null);
            }
        }

        throw new LedgerUnavailableException($"The changes of account {account} about {group} were counted by others {MostTries} times while they were to be counted here.");
    }

    /// <summary>Null where somebody has given the allowance anew in between.</summary>
    private async Task<Hold?> HoldAsync(string account, string group, string name, HourRow row, DateTimeOffset now)
    {
        var hold = new Hold
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"hour.{account}.{group}.{row.Hour.UtcDateTime:yyyyMMdd'T'HH}.{row.Round}"),
            Account = account,
            Group = group,
            Origin = Origin.Cleanup,
            By = Us,
            Reason = $"clean-ups have changed {Most} resources in this hour (Guardrails:MostPerHour); a resume lets as many go once more",
            Since = now,
            Allowance = new(name, row.Hour, row.Round),
        };
        var lasts = row.Hour + TimeSpan.FromHours(1) - now;
        if (await holds.PutAsync(hold, lasts, CancellationToken.None) is not { } put)
        {
            return hold with { Left = lasts };
        }

        if (RowIn(await store.ReadNoteAsync(name, CancellationToken.None), row.Hour).Round != row.Round)
        {
            // It was lifted by somebody who saw it before this process had it written.
            await holds.LiftAsync(put.Id, CancellationToken.None);
            return null;
        }

        Log.Reached(logger, account, group, Most, put.Id);
        return put;
    }

    private static async Task RenewAsync(ILedgerStore store, UsedAllowance used, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var note = await store.ReadNoteAsync(used.Row, cancellationToken);
            var row = RowIn(note, used.Hour);
            if (note is null || row.Round != used.Round || await WriteAsync(store, note, used.Row, new(used.Hour, used.Round + 1, 0), cancellationToken) is not null)
            {
                return;
            }
        }

        throw new LedgerUnavailableException("The hour's allowance was written by others again and again while it was to be given anew.");
    }

    private static Task<SharedNote?> WriteAsync(ILedgerStore store, SharedNote? note, string name, HourRow row, CancellationToken cancellationToken) =>
        store.WriteNoteAsync(note, name, JsonSerializer.Serialize(row, HourJson.Default.HourRow), cancellationToken);

    private static HourRow RowIn(SharedNote? note, DateTimeOffset hour) =>
        note is not null && JsonSerializer.Deserialize(note.Text, HourJson.Default.HourRow) is { } row && row.Hour == hour ? row : new(hour, 0, 0);

    private static DateTimeOffset HourOf(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>The changes that this process has taken of one row; one fetch serves all who wait for it.</summary>
    private sealed class Purse(Func<Task<(AllowanceBlock? Block, Hold? Used)>> fetchAsync)
    {
        private readonly Lock _sync = new();
        private AllowanceBlock? _block;
        private Task<Hold?>? _fetching;

        public (AllowanceBlock? Taken, Task<Hold?>? Fetching) TryTake(Func<AllowanceBlock, bool> isCurrent)
        {
            lock (_sync)
            {
                if (_block is { } block && isCurrent(block) && block.TryTake())
                {
                    return (block, null);
                }

                return (null, _fetching is { IsCompleted: false } ? _fetching : _fetching = FetchAsync());
            }
        }

        private async Task<Hold?> FetchAsync()
        {
            var (block, used) = await fetchAsync();
            _block = block ?? _block;
            return used;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(303, LogLevel.Error,
            "Clean-ups of account {Account} about {Group} have reached {Most} changes in this hour (Guardrails:MostPerHour): the others wait for the next hour, or for ungroup resume {Hold}.")]
        public static partial void Reached(ILogger logger, string account, string group, int most, string hold);
    }
}

/// <summary>Changes that this process may make within one hour.</summary>
/// <param name="Hour">The hour, by the store's clock.</param>
/// <param name="StoreTime">The store's time when they were taken.</param>
/// <param name="At">The same by our own timestamps.</param>
internal sealed record AllowanceBlock(DateTimeOffset Hour, DateTimeOffset StoreTime, long At)
{
    private int _left;

    public int Left
    {
        get => _left;
        init => _left = value;
    }

    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _left) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _left);
        return false;
    }

    /// <summary>A change that was taken was not made.</summary>
    public void GiveBack() => Interlocked.Increment(ref _left);
}

/// <summary>The hour's count as its row has it.</summary>
/// <param name="Hour">The clock hour.</param>
/// <param name="Round">How often the allowance was given anew.</param>
/// <param name="Taken">Changes that processes have taken in this round.</param>
internal sealed record HourRow(DateTimeOffset Hour, int Round, int Taken);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HourRow))]
internal sealed partial class HourJson : JsonSerializerContext;
