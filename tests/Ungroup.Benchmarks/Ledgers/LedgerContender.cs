using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Ungroup.Ledger;

namespace Ungroup.Benchmarks.Ledgers;

/// <summary>One kind of ledger: what a request costs there from its claim to its outcome, its call left out.</summary>
/// <param name="Name">As the table says it.</param>
/// <param name="Count">Requests in a round, for each of those at once up to 16.</param>
/// <param name="Open">Opens a new one.</param>
internal sealed record LedgerContender(string Name, int Count, Func<OpenLedger> Open)
{
    private const int MarkedAtOnce = 500;

    private readonly List<double> _milliseconds = [];
    private readonly Series _series = new();

    public async Task WarmUpAsync(int concurrency) => await RunAsync(concurrency, Count);

    public async Task PlayAsync(int concurrency)
    {
        var (sample, milliseconds) = await RunAsync(concurrency, Count * Math.Min(concurrency, 16));
        _series.Add(sample);
        _milliseconds.AddRange(milliseconds);
    }

    public void AddTo(Table table, int concurrency, LedgerContender peer)
    {
        var sorted = _milliseconds.Order().ToArray();
        table.Add(
            Name,
            $"{concurrency}",
            $"{_series.Median(sample => sample.PerSecond):N0}",
            $"{sorted[sorted.Length / 2]:0.000}",
            $"{sorted[sorted.Length * 99 / 100]:0.000}",
            $"{_series.Median(sample => sample.CpuMicroseconds):N0}",
            $"{_series.Ratio(peer._series, sample => sample.PerSecond):0.00}");
    }

    /// <summary>Requests to the ledger's server: before the call, after it, and for the mark that follows.</summary>
    public async Task<(double Before, double After, double Background)> CountAsync()
    {
        await using var open = Open();
        List<Lease> leases = [];
        var start = open.RoundTrips;
        for (var number = 0; number < MarkedAtOnce; number++)
        {
            leases.Add(await OneRemoval.BeginAsync(open.Ledger, $"r-{number}"));
        }

        var called = open.RoundTrips;
        foreach (var lease in leases)
        {
            await OneRemoval.DecideAsync(open.Ledger, lease);
        }

        var decided = open.RoundTrips;
        await open.Ledger.MarkPublishedAsync([.. leases.Select(lease => lease.Stored)], CancellationToken.None);
        return (Each(called - start), Each(decided - called), Each(open.RoundTrips - decided));

        static double Each(int count) => (double)count / MarkedAtOnce;
    }

    private async Task<(Sample Sample, double[] Milliseconds)> RunAsync(int concurrency, int count)
    {
        var milliseconds = new double[count];
        await using var open = Open();
        await using var marks = new PublishedMarks(open.Store, TimeProvider.System, NullLogger<PublishedMarks>.Instance);
        var sample = await Sample.TakeAsync(count, concurrency, async number =>
        {
            var started = Stopwatch.GetTimestamp();
            var lease = await OneRemoval.BeginAsync(open.Ledger, $"r-{number}");
            await OneRemoval.DecideAsync(open.Ledger, lease);
            milliseconds[number] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            marks.Add(lease.Stored);
        });
        return (sample, milliseconds);
    }
}
