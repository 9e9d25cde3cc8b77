using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Messaging.ServiceBus;

namespace Ungroup.Benchmarks.Pipe;

/// <summary>
/// The loop that somebody would write with the official .NET client: receive, GET, send, complete. It signs nothing, keeps no ledger and
/// no pace, renews no lock, and says nothing; what it receives is ahead of its work.
/// </summary>
internal static class DotNetLoop
{
    public const string Argument = "dotnet-loop";

    public static async Task<int> RunAsync(string bus, string requests, string outcomes, int concurrency, Uri ecs)
    {
        await using var client = new ServiceBusClient(bus);
        await using var receiver = client.CreateReceiver(requests, new ServiceBusReceiverOptions { PrefetchCount = concurrency });
        await using var sender = client.CreateSender(outcomes);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = concurrency });
        using var places = new SemaphoreSlim(concurrency);
        Console.WriteLine("ready");
        while (true)
        {
            foreach (var message in await receiver.ReceiveMessagesAsync(concurrency, TimeSpan.FromSeconds(1)))
            {
                await places.WaitAsync();
                _ = WorkAsync(message);
            }
        }

        async Task WorkAsync(ServiceBusReceivedMessage message)
        {
            var request = JsonNode.Parse(message.Body)!;
            var query = $"?Action=LeaveSecurityGroup&RegionId={request["regionId"]}&InstanceId={request["instanceId"]}&SecurityGroupId={request["securityGroupId"]}";
            var reply = JsonNode.Parse(await http.GetStringAsync(new Uri(ecs, query)))!;
            await sender.SendMessageAsync(EventOf(request, $"{reply["RequestId"]}"));
            await receiver.CompleteMessageAsync(message);
            places.Release();
        }
    }

    private static ServiceBusMessage EventOf(JsonNode request, string ecsRequestId)
    {
        var id = $"default/{request["requestId"]}/Removed";
        var json = JsonSerializer.SerializeToUtf8Bytes(new
        {
            specversion = "1.0",
            id,
            type = "ungroup.removal.Removed.v1",
            source = "ungroup",
            subject = $"{request["instanceId"]}",
            time = TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture),
            datacontenttype = "application/json",
            data = new { request, status = "Removed", sentence = $"{request["instanceId"]} has left {request["securityGroupId"]}.", ecsRequestIds = new[] { ecsRequestId } },
        });
        return new(json) { MessageId = id, Subject = $"{request["instanceId"]}", ContentType = "application/cloudevents+json" };
    }
}
