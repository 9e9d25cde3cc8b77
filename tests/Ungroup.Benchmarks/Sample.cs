using System.Diagnostics;

namespace Ungroup.Benchmarks;

/// <summary>The cost of a number of operations: time on the wall, time on the cores of one process, and bytes allocated there.</summary>
internal sealed record Sample(int Count, TimeSpan Wall, TimeSpan Cpu, long Bytes = 0)
{
    public double PerSecond => Count / Wall.TotalSeconds;

    public double CpuMicroseconds => Cpu.TotalMicroseconds / Count;

    public double BytesEach => (double)Bytes / Count;

    /// <summary>Runs an operation in this process, <paramref name="concurrency"/> at a time.</summary>
    public static async Task<Sample> TakeAsync(int count, int concurrency, Func<int, Task> operation)
    {
        var next = -1;
        var (cpu, bytes, started) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync)));
        return new(
            count, Stopwatch.GetElapsedTime(started), Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - bytes);

        async Task WorkAsync()
        {
            for (var index = Interlocked.Increment(ref next); index < count; index = Interlocked.Increment(ref next))
            {
                await operation(index);
            }
        }
    }
}
