using System.Globalization;
using System.Text;
using Ungroup.Ledger;

namespace Ungroup.Jobs;

/// <summary>
/// Which jobs there are: a row for each that lives, and one for each by the time it was made, the newest first. Both are written before the
/// job, so that a job is never missing; a row whose job is not there is passed over.
/// </summary>
internal sealed class JobIndex(IRowStore rows, TimeProvider clock)
{
    private const string Partition = "jobs";
    private const string Live = "live:";
    private const string At = "at:";
    private const string Forget = "forget:";
    private const int PageSize = 200;

    // A job is written right behind its rows.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromHours(1);

    public Task AddAsync(JobKey key, DateTimeOffset createdAt, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes(key.ToString());
        return rows.WriteRowsAsync(
            Partition, [new RowChange.Put(Live + Name(key), content), new RowChange.Put(PlaceOf(key, createdAt), content)], cancellationToken);
    }

    /// <summary>Jobs that have not ended, or whose end is not told yet.</summary>
    public async Task<IReadOnlyList<JobKey>> ReadLiveAsync(CancellationToken cancellationToken)
    {
        List<JobKey> live = [];
        await foreach (var row in rows.ReadAllAsync(Partition, Live, PageSize, cancellationToken))
        {
            live.Add(KeyIn(row.Name[Live.Length..]));
        }

        return live;
    }

    /// <summary>Whether a page may begin behind it: the name of a row that <see cref="ReadNewestAsync"/> has told.</summary>
    public static bool IsPlace(string text) => text.StartsWith(At, StringComparison.Ordinal) && text.Length is > 24 and <= 160 && !text.AsSpan().ContainsAnyExcept(JobMembers.OfJobIds);

    /// <summary>The newest first.</summary>
    /// <param name="behind">Where the last page ended; null for the first.</param>
    /// <param name="atMost">The length of a page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<(JobKey Key, DateTimeOffset CreatedAt, string Row)>> ReadNewestAsync(string? behind, int atMost, CancellationToken cancellationToken)
    {
        var page = await rows.ReadRowsAsync(Partition, behind is null ? At : behind + "!", At + "~", atMost, cancellationToken);
        return [.. page.Select(row => (KeyIn(row.Name[(At.Length + Digits.Length + 1)..]), Instant(row.Name[At.Length..]), row.Name))];
    }

    /// <summary>A job was never written behind its rows: nobody has to look for it again.</summary>
    public async Task DropAsync(JobKey key, CancellationToken cancellationToken)
    {
        if (await rows.ReadRowAsync(Partition, Live + Name(key), cancellationToken) is { } row && row.StoreTime - row.WrittenAt > LongestWrite)
        {
            await rows.WriteRowsAsync(Partition, [new RowChange.Delete(row.Name)], cancellationToken);
        }
    }

    public async Task RestAsync(JobKey key, DateTimeOffset forgetAt, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes(key.ToString());
        await rows.WriteRowsAsync(
            Partition, [new RowChange.Delete(Live + Name(key)), new RowChange.Put($"{Forget}{Ticks(forgetAt.UtcTicks)}:{Name(key)}", content)], cancellationToken);
    }

    public async Task<IReadOnlyList<(JobKey Key, string Row)>> ReadForgettableAsync(CancellationToken cancellationToken)
    {
        var page = await rows.ReadRowsAsync(Partition, Forget, Forget + Ticks(clock.GetUtcNow().UtcTicks), PageSize, cancellationToken);
        return [.. page.Select(row => (KeyIn(row.Name[(Forget.Length + Digits.Length + 1)..]), row.Name))];
    }

    /// <param name="key">The job, which is gone.</param>
    /// <param name="createdAt">When it was made; null where nobody knows any more.</param>
    /// <param name="row">The row that it was found by.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ForgetAsync(JobKey key, DateTimeOffset? createdAt, string row, CancellationToken cancellationToken)
    {
        if (createdAt is { } at && await rows.ReadRowAsync(Partition, PlaceOf(key, at), cancellationToken) is { } listed)
        {
            await rows.WriteRowsAsync(Partition, [new RowChange.Delete(listed.Name)], cancellationToken);
        }

        await rows.WriteRowsAsync(Partition, [new RowChange.Delete(row)], cancellationToken);
    }

    private const string Digits = "0000000000000000000";

    /// <summary>The place of a job among all, which are told in this order.</summary>
    public static string PlaceOf(JobKey key, DateTimeOffset createdAt) => At + Inverted(createdAt) + Name(key);

    private static string Name(JobKey key) => $"{key.Account}:{key.JobId}";

    // No account has a ':'.
    private static JobKey KeyIn(string name) => name.Split(':', 2) is [var account, var jobId] ? new(account, jobId) : throw new FormatException($"'{name}' is no job.");

    private static string Ticks(long ticks) => ticks.ToString(Digits, CultureInfo.InvariantCulture);

    private static string Inverted(DateTimeOffset at) => $"{Ticks(long.MaxValue - at.UtcTicks)}:";

    private static DateTimeOffset Instant(string inverted) =>
        new(long.MaxValue - long.Parse(inverted.AsSpan(0, Digits.Length), NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero);
}
