namespace Ungroup.Benchmarks.Calls;

/// <summary>Contenders in turns, so that what disturbs the machine disturbs all of them; the first is who the CPU is compared with.</summary>
internal static class Contest
{
    public static async Task RunAsync(Contender[] contenders, int warmUpRounds, int rounds, int concurrency)
    {
        for (var round = 0; round < warmUpRounds; round++)
        {
            foreach (var contender in contenders)
            {
                await contender.TakeAsync(contender.Calls, concurrency);
            }
        }

        for (var round = 0; round < rounds; round++)
        {
            // Nobody is always first, and nobody always follows the same one.
            foreach (var contender in round % 2 == 0 ? contenders : contenders.Reverse())
            {
                await contender.PlayAsync(concurrency);
            }
        }
    }

    public static void AddTo(Table table, Contender[] contenders, int concurrency)
    {
        var bare = contenders[0].Results;
        foreach (var contender in contenders)
        {
            var mine = contender.Results;
            var official = contenders.FirstOrDefault(other => other.Client == JavaScriptClient.Name && other.Server == contender.Server)?.Results;
            table.Add(
                contender.Client,
                contender.Server,
                $"{concurrency}",
                $"{mine.Median(sample => sample.PerSecond):N0}",
                $"{mine.Median(sample => sample.CpuMicroseconds):0.0}",
                mine.Median(sample => sample.BytesEach) is > 0 and var bytes ? $"{bytes:N0}" : "",
                $"{mine.Ratio(bare, sample => sample.CpuMicroseconds):0.00}",
                official is null ? "" : $"{mine.Ratio(official, sample => sample.PerSecond):0.0}",
                official is null ? "" : $"{mine.Ratio(official, sample => sample.CpuMicroseconds):0.00}");
        }
    }
}
