using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Ungroup.Ledger;

namespace Ungroup.Jobs;

/// <summary>
/// Jobs on any store. A job is a partition: its head, the resources that were listed, pages that were read, its plan and the results of its
/// portions. The head is the only row that changes, and every write of it names the version that it replaces.
/// </summary>
internal sealed class JobStore(ILedgerStore store, LedgerOwner owner, IOptions<LedgerOptions> options, TimeProvider clock)
{
    private const int ResourcesInARow = 100;

    private const string Head = "head";
    private const int RowsAtOnce = 50;

    private readonly IRowStore _rows = store.Rows;

    /// <summary>How many resources are in a row of a plan, and a tenth of those in a row of a list: the same for all who share a ledger. Default: 100.</summary>
    public int RowSize { get; init; } = ResourcesInARow;

    public JobIndex Index { get; } = new(store.Rows, clock);

    /// <summary>Writes a job that is new. One that is there stays, and is returned.</summary>
    public async Task<(StoredJob Job, bool IsNew)> AddAsync(JobHead head, CancellationToken cancellationToken)
    {
        var (key, resources) = (head.Request.Key, head.Request.Resources ?? []);
        if (await ReadAsync(key, cancellationToken) is { } known)
        {
            return (known, false);
        }

        await Index.AddAsync(key, head.CreatedAt, cancellationToken);
        List<RowChange> rows = [new RowChange.Add(Head, Bytes(Kept(head), JobJson.Default.JobHead))];
        rows.AddRange(resources.Chunk(RowSize * 10).Select((part, at) => new RowChange.Put(Name("list", at), Bytes(part, JobJson.Default.StringArray))));
        var isNew = await _rows.WriteRowsAsync(PartitionOf(key), rows, cancellationToken) is not null;
        return (await ReadAsync(key, cancellationToken) ?? throw new LedgerUnavailableException($"The ledger did not keep job {key}."), isNew);
    }

    public async Task<StoredJob?> ReadAsync(JobKey key, CancellationToken cancellationToken) =>
        await _rows.ReadRowAsync(PartitionOf(key), Head, cancellationToken) is { } row
            ? new(Read(row, JobJson.Default.JobHead), row.Version, row.WrittenAt, row.StoreTime)
            : null;

    /// <summary>Writes the head and rows beside it, all or none; null where the head was written by somebody else since it was read.</summary>
    public async Task<StoredJob?> WriteAsync(StoredJob expected, JobHead next, IReadOnlyList<RowChange> rows, CancellationToken cancellationToken)
    {
        var written = await _rows.WriteRowsAsync(
            PartitionOf(next.Request.Key), [new RowChange.Replace(Head, Bytes(next, JobJson.Default.JobHead), expected.Version), .. rows], cancellationToken);

        // Just written, so that its lease is whole.
        return written is null ? null : new(next, written[0]!, expected.StoreTime, expected.StoreTime);
    }

    /// <summary>Makes this process its driver; null where another has it, or its message is not the one that drives it.</summary>
    public async Task<StoredJob?> TakeAsync(StoredJob job, DriverTurn turn, CancellationToken cancellationToken) => IsFree(job)
        ? await WriteAsync(job, job.Head with { Owner = owner.Id, Epoch = job.Head.Epoch + 1, LeaseFor = options.Value.Lease, Turn = turn }, [], cancellationToken)
        : null;

    /// <summary>
    /// The job with another message that drives it next. A write of the head begins its lease anew, so an owner that is gone is taken out of
    /// it: otherwise whoever wakes the job again and again would keep it locked for one that never comes back.
    /// </summary>
    public JobHead Handed(StoredJob job, JobHead next, DriverTurn turn) =>
        IsFree(job) ? next with { Turn = turn, Owner = null, LeaseFor = TimeSpan.Zero } : next with { Turn = turn };

    public bool IsFree(StoredJob job) => job.Head.Owner is not { } other || job.LeaseLeft <= TimeSpan.Zero || store.IsGone(other);

    public bool IsOurs(StoredJob job, int epoch) => job.Head.Owner == owner.Id && job.Head.Epoch == epoch;

    /// <summary>Some of the resources that were listed, in order of their ids.</summary>
    public async Task<IReadOnlyList<string>> ReadListAsync(JobKey key, int first, int count, CancellationToken cancellationToken)
    {
        var size = RowSize * 10;
        List<string> found = [];
        for (var row = first / size; found.Count < count && row * size < first + count; row++)
        {
            var stored = await _rows.ReadRowAsync(PartitionOf(key), Name("list", row), cancellationToken) ?? throw Missing(key, Name("list", row));
            found.AddRange(Read(stored, JobJson.Default.StringArray).Skip(Math.Max(0, first - (row * size))).Take(count - found.Count));
        }

        return found;
    }

    /// <summary>A page that a listing has read, or a page of the plan.</summary>
    public static RowChange PageRow(int listing, int page, IEnumerable<FoundMember> members) =>
        new RowChange.Put($"found:{listing:D4}:{page:D6}", Bytes([.. members], JobJson.Default.FoundMemberArray));

    public static RowChange PlanRow(int row, IEnumerable<PlanItem> items) => new RowChange.Put(Name("plan", row), Bytes([.. items], JobJson.Default.PlanItemArray));

    public static RowChange ResultRow(int portion, IEnumerable<ChildResult> results) => new RowChange.Put(Name("part", portion), Bytes([.. results], JobJson.Default.ChildResultArray));

    public IAsyncEnumerable<FoundMember> ReadFoundAsync(JobKey key, int listing, CancellationToken cancellationToken) =>
        ReadAsync(key, $"found:{listing:D4}:", JobJson.Default.FoundMemberArray, cancellationToken);

    /// <param name="key">The job.</param>
    /// <param name="rows">How many rows its plan has: a plan that was begun before may have left more.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public IAsyncEnumerable<PlanItem> ReadPlanAsync(JobKey key, int rows, CancellationToken cancellationToken) =>
        ReadAsync(key, "plan:", JobJson.Default.PlanItemArray, cancellationToken, rows);

    /// <summary>The results of all closed portions, in the order of the plan.</summary>
    public IAsyncEnumerable<ChildResult> ReadResultsAsync(JobKey key, CancellationToken cancellationToken) =>
        ReadAsync(key, "part:", JobJson.Default.ChildResultArray, cancellationToken);

    /// <summary>The resources of a portion.</summary>
    public async Task<IReadOnlyList<PlanItem>> ReadPortionAsync(JobKey key, Portion portion, CancellationToken cancellationToken)
    {
        var (from, upTo) = (portion.First / RowSize, (portion.End - 1) / RowSize);
        var rows = await _rows.ReadRowsAsync(PartitionOf(key), Name("plan", from), Name("plan", upTo) + "~", upTo - from + 1, cancellationToken);
        List<PlanItem> items = [.. rows.SelectMany(row => Read(row, JobJson.Default.PlanItemArray)).Skip(portion.First - (from * RowSize)).Take(portion.Count)];
        return items.Count == portion.Count ? items : throw Missing(key, Name("plan", upTo));
    }

    /// <summary>Whether the plan is the one that has its hash.</summary>
    public async Task<bool> IsWholeAsync(JobHead job, CancellationToken cancellationToken)
    {
        using var hash = JobHashes.BeginPlan(job.Request, job.Plan!.Count, job.Plan.MaxFailures);
        await foreach (var item in ReadPlanAsync(job.Request.Key, job.Plan.Rows, cancellationToken))
        {
            JobHashes.Add(hash, item);
        }

        return hash.Take() == job.Plan.Hash;
    }

    /// <summary>The job has ended and all of it is told: it is kept for a while, and nobody has to wake it any more.</summary>
    public Task RestAsync(JobHead ended, CancellationToken cancellationToken) =>
        Index.RestAsync(ended.Request.Key, ended.EndedAt!.Value + options.Value.Keep, cancellationToken);

    /// <summary>Deletes jobs whose time is over.</summary>
    public async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        var due = await Index.ReadForgettableAsync(cancellationToken);
        foreach (var (key, row) in due)
        {
            var createdAt = (await ReadAsync(key, cancellationToken))?.Head.CreatedAt;
            await DeleteAsync(PartitionOf(key), cancellationToken);
            await Index.ForgetAsync(key, createdAt, row, cancellationToken);
        }

        return due.Count;
    }

    // The head goes last: while it is there, the rest can be deleted again.
    private async Task DeleteAsync(string partition, CancellationToken cancellationToken)
    {
        while (await _rows.ReadRowsAsync(partition, "", "~", RowsAtOnce, cancellationToken) is { Count: > 0 } page)
        {
            var others = page.Where(row => row.Name != Head).ToList();
            var next = others.Count > 0 ? others : [.. page];
            await _rows.WriteRowsAsync(partition, [.. next.Select(row => new RowChange.Delete(row.Name))], cancellationToken);
        }
    }

    private async IAsyncEnumerable<T> ReadAsync<T>(JobKey key, string prefix, JsonTypeInfo<T[]> type, [EnumeratorCancellation] CancellationToken cancellationToken, int rows = int.MaxValue)
    {
        await foreach (var row in _rows.ReadAllAsync(PartitionOf(key), prefix, RowsAtOnce, cancellationToken).Take(rows).WithCancellation(cancellationToken))
        {
            foreach (var item in Read(row, type))
            {
                yield return item;
            }
        }
    }

    private static JobHead Kept(JobHead head) => head with { Listed = head.Request.Resources?.Count ?? 0, Request = head.Request with { Resources = null } };

    private static string PartitionOf(JobKey key) => $"job:{key.Account}:{key.JobId}";

    private static string Name(string kind, int number) => $"{kind}:{number.ToString("D6", CultureInfo.InvariantCulture)}";

    private static byte[] Bytes<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(value, type);

    private static T Read<T>(StoredRow row, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(row.Content.Span, type)!;
        }
        catch (JsonException error)
        {
            throw new LedgerUnavailableException($"The ledger holds a job that this version cannot read: {error.Message} Expected a worker of the version that wrote it.", error);
        }
    }

    private static LedgerUnavailableException Missing(JobKey key, string row) => new($"The ledger has lost the row {row} of job {key}.");
}

/// <param name="Head">The job as it is durable.</param>
/// <param name="Version">The store's; every later write names it.</param>
/// <param name="WrittenAt">When the head was last written, by the store's clock, or by ours where the store has none.</param>
/// <param name="StoreTime">The time of that same clock when the store answered.</param>
internal sealed record StoredJob(JobHead Head, string Version, DateTimeOffset WrittenAt, DateTimeOffset StoreTime)
{
    public TimeSpan LeaseLeft => Head.LeaseFor - (StoreTime - WrittenAt);
}
