using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Messaging.ServiceBus;
using Ungroup.Benchmarks.Processes;
using Ungroup.Sandbox.Ecs;
using Ungroup.ServiceBus;

namespace Ungroup.Benchmarks.Incidents;

/// <summary>
/// From enqueueing to the verified outcome, one incident after the other, at 20 ms a call: a removal with evidence and a contain of one
/// interface, by a worker that is idle, and by one that has thousands of clean-ups before it.
/// </summary>
internal static class IncidentBenchmark
{
    private const int Samples = 200;
    private const int CleanUps = 10_000;
    private const int WarmUps = 10;
    private const string Isolation = "sg-bp1isolation00000001";

    private static readonly string[] Actions =
    [
        "LeaveSecurityGroup", "JoinSecurityGroup", "DescribeInstances", "DescribeNetworkInterfaces", "DescribeSecurityGroups",
        "DescribeSecurityGroupAttribute", "DescribeInstanceRamRole",
    ];

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine($"incidents: milliseconds from enqueueing to the outcome, {Samples} one after the other, 20 ms a call, SQLite");
        var table = new Table("incident", "before it", "p50 ms", "p99 ms", "longest ms");
        foreach (var cleanUps in (int[])[0, CleanUps])
        {
            await using var broker = await BrokerServer.StartAsync();
            await using var ecs = await EcsSimulator.StartAsync(Slow(BenchmarkWorld.JsonOf(2 * (CleanUps + Samples + WarmUps))));
            await using var worker = WorkerProcess.Start(
                broker.ConnectionString, ecs.Address, "Sqlite", concurrency: 16, queues: $"{BrokerServer.Requests},{BrokerServer.Incidents}", quotas: Actions);
            await using var client = new ServiceBusClient(broker.ConnectionString);
            await using var outcomes = client.CreateReceiver(
                BrokerServer.Outcomes, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete, PrefetchCount = 200 });
            await using var sender = client.CreateSender(BrokerServer.Incidents);
            var (filled, next) = (0, 2 * CleanUps);
            foreach (var (name, body) in ((string, Func<int, string>)[])[("remove with evidence", Remove), ("contain", Contain)])
            {
                if (cleanUps > 0)
                {
                    await RequestQueue.FillAsync(broker, filled, cleanUps);
                    filled += cleanUps;
                }

                var before = (await broker.CountAsync()).Open;
                List<double> took = [];
                for (var sample = -WarmUps; sample < Samples; sample++)
                {
                    var milliseconds = await TakeAsync(sender, outcomes, next, body(next));
                    next++;
                    if (sample >= 0)
                    {
                        took.Add(milliseconds);
                    }
                }

                took.Sort();
                var left = cleanUps == 0 ? "nothing" : $"{before:N0} clean-ups, {(await broker.CountAsync()).Open:N0} left";
                table.Add(name, left, $"{took[took.Count / 2]:0}", $"{took[(int)(took.Count * 0.99)]:0}", $"{took[^1]:0}");
            }
        }

        table.Print();
    }

    private static async Task<double> TakeAsync(ServiceBusSender sender, ServiceBusReceiver outcomes, int number, string body)
    {
        var began = Stopwatch.GetTimestamp();
        await sender.SendMessageAsync(new ServiceBusMessage(body) { MessageId = $"incident-{number}" });
        while (true)
        {
            var told = await outcomes.ReceiveMessageAsync(TimeSpan.FromMinutes(1)) ?? throw new InvalidOperationException("No outcome for a minute.");
            using var document = JsonDocument.Parse(told.Body);
            var data = document.RootElement.GetProperty("data");
            if (data.GetProperty("requestId").GetString() == $"incident-{number}")
            {
                return data.GetProperty("status").GetString() is "Removed" or "Contained"
                    ? Stopwatch.GetElapsedTime(began).TotalMilliseconds
                    : throw new InvalidOperationException(told.Body.ToString());
            }
        }
    }

    private static string Remove(int number) =>
        $$"""{"requestId":"incident-{{number}}","instanceId":"{{BenchmarkWorld.Instance(number)}}","securityGroupId":"{{BenchmarkWorld.Group}}","regionId":"{{BenchmarkWorld.Region}}","origin":"incident"}""";

    private static string Contain(int number) =>
        $$"""{"requestId":"incident-{{number}}","action":"contain","instanceId":"{{BenchmarkWorld.Instance(number)}}","isolationGroupId":"{{Isolation}}","regionId":"{{BenchmarkWorld.Region}}","origin":"incident"}""";

    private static World Slow(string json)
    {
        var world = JsonNode.Parse(json)!.AsObject();
        world["regions"]![0]!["securityGroups"]!.AsArray().Add(new JsonObject { ["securityGroupId"] = Isolation, ["type"] = "enterprise", ["vpcId"] = "vpc-bp1a" });
        world["faults"] = new JsonArray([.. Actions.Select(action => new JsonObject
        {
            ["on"] = "*", ["action"] = action, ["kind"] = "slow", ["delayMs"] = 20, ["times"] = 10_000_000,
        })]);
        return World.Parse(world.ToJsonString(), "benchmark-world.json");
    }
}
