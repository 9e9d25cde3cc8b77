using System.Text;
using Ungroup.Cli.Amqp;

namespace Ungroup.Benchmarks.Processes;

/// <summary>The queue of requests, filled before anybody reads it: each takes another instance out of the group.</summary>
internal static class RequestQueue
{
    public static async Task FillAsync(BrokerServer broker, int first, int count)
    {
        var address = BusAddress.TryParse(broker.ConnectionString, out var parsed, out var problem) ? parsed : throw new FormatException(problem);
        await using var connection = await SendingConnection.OpenAsync(
            address, BrokerServer.Requests, TimeProvider.System, CancellationToken.None);
        await RequestFeed.SendAsync(
            connection, Enumerable.Range(first, count).Select(number => ($"m-{number}", Body(number))), CancellationToken.None);
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
