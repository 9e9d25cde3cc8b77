using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Calls;

/// <summary>
/// A signed LeaveSecurityGroup against a bare GET with HttpClient, in turns in this process, and against the official
/// JavaScript client. The servers are in a process of their own, and their time is not counted.
/// </summary>
internal static class CallsBenchmark
{
    private const int Rounds = 25;
    private const int Calls = 1_000;
    private const int JavaScriptCalls = 200;
    private const int WarmUpRounds = 6;

    private const string Plain = "plain endpoint";
    private const string Simulator = "simulator";

    private static readonly int[] Concurrencies = [1, 16];

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine($"calls: signed LeaveSecurityGroup, {Rounds} rounds in turns, medians; ratios are within a round");

        var instances = new InstanceSupply(2 * (Rounds + WarmUpRounds) * (Calls + JavaScriptCalls) * Concurrencies.Length);
        var (server, ecs, plain) = await EcsServer.StartAsync(instances.Count, spins: true);
        await using var running = server;
        await using var official = await JavaScriptClient.StartAsync(ecs);
        await using var officialPlain = await JavaScriptClient.StartAsync(plain);
        if (official is null)
        {
            Console.WriteLine(NodeScript.HowToInstall);
        }

        using var signed = new SignedLeave(ecs);
        using var signedPlain = new SignedLeave(plain);
        using var http = new HttpClient();
        using var unsigned = new UnsignedPost(plain);

        var table = new Table(
            "client", "server", "concurrency", "calls/s", "CPU µs/call", "bytes/call", "CPU ÷ bare GET",
            "calls/s ÷ JavaScript", "CPU ÷ JavaScript");
        foreach (var concurrency in Concurrencies)
        {
            Contender[] contenders =
            [
                new("HttpClient, bare GET", Plain, Calls, InThisProcess(_ => http.GetByteArrayAsync(plain))),
                new("HttpClient, same bytes, unsigned", Plain, Calls, InThisProcess(_ => unsigned.CallAsync())),
                new("Ungroup, signed", Plain, Calls, OursAt(signedPlain)),
                new("Ungroup, signed", Simulator, Calls, OursAt(signed)),
                .. TheirsAt(officialPlain, Plain),
                .. TheirsAt(official, Simulator),
            ];
            await Contest.RunAsync(contenders, WarmUpRounds, Rounds, concurrency);
            Contest.AddTo(table, contenders, concurrency);
        }

        table.Print();

        static Func<int, int, Task<Sample>> InThisProcess(Func<int, Task> call) => (count, atOnce) => Sample.TakeAsync(count, atOnce, call);

        Func<int, int, Task<Sample>> OursAt(SignedLeave client) => (count, atOnce) =>
        {
            var mine = instances.Take(count);
            return Sample.TakeAsync(count, atOnce, index => client.CallAsync(mine[index]));
        };

        IEnumerable<Contender> TheirsAt(JavaScriptClient? client, string server) => client is null
            ? []
            : [new(JavaScriptClient.Name, server, JavaScriptCalls, (count, atOnce) => client.TakeAsync(instances.Take(count), atOnce))];
    }

    /// <summary>Instances that have not been taken out of their group yet.</summary>
    private sealed class InstanceSupply(int count)
    {
        private int _next;

        public int Count => count;

        public IReadOnlyList<string> Take(int number)
        {
            _next += number;
            return [.. Enumerable.Range(_next - number, number).Select(BenchmarkWorld.Instance)];
        }
    }
}
