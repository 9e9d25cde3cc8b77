using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ungroup.Benchmarks.Ledgers;
using Ungroup.Ledger;

namespace Ungroup.Benchmarks.Scale;

/// <summary>A SQLite ledger that remembers many removals, and what the next ones cost there.</summary>
internal sealed class FilledLedger : IAsyncDisposable
{
    public const int Removals = 4_000;

    private const int Concurrency = 16;
    private const int WrittenAtOnce = 2_048;

    private readonly OpenLedger _open = OpenLedger.Sqlite();
    private readonly Series _series = new();
    private readonly List<double> _claims = [];
    private readonly List<double> _looks = [];
    private readonly int _size;
    private long _fileBytes;
    private int _next;

    private FilledLedger(int size) => (_size, _next) = (size, size);

    public static async Task<FilledLedger> FillAsync(int size)
    {
        var filled = new FilledLedger(size);
        var now = TimeProvider.System.GetUtcNow();

        // In the order of the keys, as that is quickest; those that come later fall anywhere between them.
        foreach (var chunk in Enumerable.Range(0, size).Select(RequestId).Order(StringComparer.Ordinal).Chunk(WrittenAtOnce))
        {
            await Task.WhenAll(chunk.Select(requestId => filled._open.Store.InsertAsync(OneRemoval.Past(requestId, now), CancellationToken.None)));
        }

        filled._fileBytes = filled._open.FileBytes;
        return filled;
    }

    public async Task PlayAsync(bool counts)
    {
        var claims = new double[Removals];
        var first = _next;
        var sample = await Sample.TakeAsync(Removals, Concurrency, async number =>
        {
            var started = Stopwatch.GetTimestamp();
            var lease = await OneRemoval.BeginAsync(_open.Ledger, RequestId(first + number));
            claims[number] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            await OneRemoval.DecideAsync(_open.Ledger, lease);
        });
        _next += Removals;
        var look = Stopwatch.GetTimestamp();
        await _open.Ledger.ReadDueAsync(Due.Ending, TimeSpan.Zero, behind: null, 500, CancellationToken.None);
        await _open.Ledger.ForgetAsync(CancellationToken.None);
        if (counts)
        {
            _series.Add(sample);
            _claims.AddRange(claims);
            _looks.Add(Stopwatch.GetElapsedTime(look).TotalMilliseconds);
        }
    }

    public void AddTo(Table table, FilledLedger peer)
    {
        var sorted = _claims.Order().ToArray();
        table.Add(
            $"{_size:N0}",
            $"{_series.Median(sample => sample.PerSecond):N0}",
            $"{_series.Ratio(peer._series, sample => sample.PerSecond):0.00}",
            $"{sorted[sorted.Length / 2]:0.00}",
            $"{sorted[sorted.Length * 99 / 100]:0.00}",
            $"{_series.Median(sample => sample.CpuMicroseconds):N0}",
            $"{_series.Ratio(peer._series, sample => sample.CpuMicroseconds):0.00}",
            $"{Series.MedianOf(_looks):0.0}",
            $"{_fileBytes / 1024 / 1024:N0}",
            $"{(double)_fileBytes / _size:N0}");
    }

    public ValueTask DisposeAsync() => _open.DisposeAsync();

    // As ids that say nothing would: in no order, the hardest case for a tree of keys.
    private static string RequestId(int number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture))).AsSpan(0, 16));
}
