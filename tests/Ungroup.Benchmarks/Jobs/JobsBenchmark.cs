using System.Globalization;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Jobs;

/// <summary>The cost of a job of many resources, with one worker and quotas as ECS has them: time, memory, calls, messages and what the store is asked.</summary>
internal static class JobsBenchmark
{
    private const int Incidents = 10;

    // Planned and Ended.
    private const int EventsOfAJob = 2;

    // The second job is paused when so many of its requests have been called, and cancelled when so many more have.
    private const int Second = 2_000;
    private const int PausedAfter = 200;
    private const int CancelledAfter = 400;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(int size, bool isTable)
    {
        Console.WriteLine();
        Console.WriteLine($"jobs: {size:N0} resources, {JobsBench.CallsAMinute:N0} calls a minute of each API, one `ungroup worker`, {(isTable ? "Table ledger in Azurite" : "SQLite ledger")}, broker and ECS in another process");
        await using var bench = await JobsBench.StartAsync(size + Second + (4 * Incidents), isTable);
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System);
        var idle = bench.Memory;
        var alone = await bench.IncidentsAsync(Incidents);
        await WholeAsync(bench, size, idle, alone);
        await StoppedAsync(bench, size);
        await bench.CountMessagesAsync();
    }

    private static async Task WholeAsync(JobsBench bench, int size, long idle, string alone)
    {
        var (before, spent) = (bench.Now, bench.Transactions);
        await bench.SubmitAsync("whole", first: 0, size);
        await bench.UntilCalledAsync("whole", size / 10);
        var beside = await bench.IncidentsAsync(Incidents);
        var job = await bench.UntilEndedAsync("whole", toldBefore: (2 * Incidents) + size + EventsOfAJob);
        var calls = bench.CallsSince(before);
        var table = new Table("what", "number");
        table.Add("ended as", job.GetProperty("endedAs").GetString()!);
        table.Add("removed", $"{job.GetProperty("counts").GetProperty("Removed").GetInt32():N0}");
        table.Add("seconds until planned", Seconds(job.GetProperty("plannedAt").GetDateTimeOffset() - job.GetProperty("createdAt").GetDateTimeOffset()));
        table.Add("seconds in all", Seconds(job.GetProperty("endedAt").GetDateTimeOffset() - job.GetProperty("createdAt").GetDateTimeOffset()));
        foreach (var action in calls.GroupBy(call => call.Action).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            table.Add($"calls of {action.Key}", $"{action.Count():N0}");
            table.Add("  refused", $"{action.Count(call => call.Code is not null):N0}");
            table.Add("  most in a clock minute", $"{action.Where(call => call.Code is null).CountBy(call => call.At.Ticks / TimeSpan.TicksPerMinute).Max(minute => minute.Value):N0}");
        }

        table.Add("worker MB, idle", Megabytes(idle));
        table.Add("  after a tenth", Megabytes(bench.MemoryAfterATenth));
        table.Add("  most", Megabytes(bench.MostMemory));
        table.Add("  at the end", Megabytes(bench.Memory));
        table.Add("worker CPU seconds", Seconds(bench.Cpu));
        table.Add("store transactions", (bench.Transactions - spent)?.ToString("N0", CultureInfo.InvariantCulture) ?? "not counted");
        table.Add("ledger MB", Megabytes(bench.LedgerBytes));
        table.Add("an incident's ms to its call, without the job", alone);
        table.Add("  beside it", beside);
        table.Print();
    }

    private static async Task StoppedAsync(JobsBench bench, int first)
    {
        await bench.SubmitAsync("stopped", first, Second);
        await bench.UntilCalledAsync("stopped", PausedAfter);
        await bench.AskAsync("pause", "--group", BenchmarkWorld.Group, "--reason", "measured");
        var paused = bench.Now;
        await Task.Delay(Quiet, TimeProvider.System);
        var table = new Table("what", "number");
        table.Add("paused: seconds until its last call", bench.LastCallAfter(paused));
        table.Add("  calls behind it", $"{bench.CallsSince(paused).Count:N0}");
        await bench.AskAsync("resume", "--all");
        var resumed = bench.Now;
        var held = await bench.UntilCalledAsync("stopped", PausedAfter + CancelledAfter);
        table.Add("resumed: seconds until its first call", Seconds(bench.CallsSince(resumed)[0].At - resumed));
        table.Add($"  until {held:N0} were called", Seconds(bench.Now - resumed));
        await bench.AskAsync("job", "cancel", "stopped", "--reason", "measured");
        var cancelled = bench.Now;
        var job = await bench.UntilEndedAsync("stopped");
        table.Add("cancelled: seconds until its last call", bench.LastCallAfter(cancelled));
        table.Add("  calls behind it", $"{bench.CallsSince(cancelled).Count:N0}");
        table.Add("  seconds until it had ended", Seconds(job.GetProperty("endedAt").GetDateTimeOffset() - cancelled));
        table.Add("  ended as", job.GetProperty("endedAs").GetString()!);
        table.Add("  never issued", $"{job.GetProperty("counts").GetProperty("notStarted").GetInt32():N0}");
        table.Print();
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("N1", CultureInfo.InvariantCulture);

    private static string Megabytes(long bytes) => $"{bytes / 1024 / 1024:N0}";
}
