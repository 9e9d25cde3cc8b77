using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Calls;

/// <summary>
/// A signed LeaveSecurityGroup against a bare GET with HttpClient, in turns in this process, and against the official
/// JavaScript client. The servers are in a process of their own, and their time is not counted.
/// </summary>
internal static class CallsBenchmark
{
    private const int Rounds = 7;
    private const int WarmUp = 6_000;
    private const int Calls = 3_000;
    private const int JavaScriptCalls = 500;

    private static readonly int[] Concurrencies = [1, 16];

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine($"calls: signed LeaveSecurityGroup, {Rounds} rounds in turns, medians; ratios are within a round");

        // Both warm-ups, and every round.
        var instances = new InstanceSupply((WarmUp + (Rounds * Calls) + ((Rounds + 1) * JavaScriptCalls)) * Concurrencies.Length);
        var (server, ecs, plain) = await EcsServer.StartAsync(instances.Count);
        await using var running = server;
        await using var javaScript = await JavaScriptClient.StartAsync(ecs);
        using var ours = new SignedLeave(ecs);
        using var http = new HttpClient();

        var table = new Table(
            "client", "concurrency", "calls/s", "CPU µs/call", "bytes/call", "CPU ÷ bare GET", "bytes ÷ bare GET", "calls/s ÷ JavaScript", "JavaScript CPU ÷");
        foreach (var concurrency in Concurrencies)
        {
            var contest = new Contest(
                count => OursAsync(count, concurrency),
                count => Sample.TakeAsync(count, concurrency, _ => http.GetByteArrayAsync(plain)),
                javaScript is null ? null : count => javaScript.TakeAsync(instances.Take(count), concurrency));
            await contest.RunAsync(Rounds, WarmUp, Calls, JavaScriptCalls);
            contest.AddTo(table, concurrency);
        }

        table.Print();

        Task<Sample> OursAsync(int count, int concurrency)
        {
            var mine = instances.Take(count);
            return Sample.TakeAsync(count, concurrency, index => ours.CallAsync(mine[index]));
        }
    }

    /// <summary>Instances that have not been taken out of their group yet.</summary>
    private sealed class InstanceSupply(int count)
    {
        private int next;

        public int Count => count;

        public IReadOnlyList<string> Take(int number)
        {
            next += number;
            return [.. Enumerable.Range(next - number, number).Select(BenchmarkWorld.Instance)];
        }
    }
}
