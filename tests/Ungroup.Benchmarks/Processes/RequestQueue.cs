using System.Text;
using Azure.Messaging.ServiceBus;
using Ungroup.ServiceBus;

namespace Ungroup.Benchmarks.Processes;

/// <summary>The queue of requests, filled before anybody reads it: each takes another instance out of the group.</summary>
internal static class RequestQueue
{
    public static async Task FillAsync(BrokerServer broker, int first, int count)
    {
        await using var client = new ServiceBusClient(broker.ConnectionString);
        await RequestFeed.SendAsync(
            client.CreateSender(BrokerServer.Requests), Enumerable.Range(first, count).Select(number => ($"m-{number}", Body(number))), CancellationToken.None);
    }

    private static ReadOnlyMemory<byte> Body(int number) => Encoding.UTF8.GetBytes(
        $$"""
        {
          "requestId": "r-{{number}}",
          "instanceId": "{{BenchmarkWorld.Instance(number)}}",
          "securityGroupId": "{{BenchmarkWorld.Group}}",
          "regionId": "{{BenchmarkWorld.Region}}",
          "origin": "cleanup",
          "requestedBy": "benchmark",
          "reason": "to see how long it takes"
        }
        """);
}
