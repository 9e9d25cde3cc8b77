using Azure.Messaging.ServiceBus;
using Ungroup.Messages;
using Ungroup.Sandbox.Broker;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

public sealed class ServiceBusRequestBusTests
{
    [Fact]
    public async Task Everything_is_sent_in_its_order_and_under_its_own_ids_in_as_many_batches_as_it_takes()
    {
        await using var broker = await StartAsync(largest: 10_000);
        await using var client = new ServiceBusClient(broker.ConnectionString);
        OutgoingRequest[] messages = [.. Enumerable.Range(0, 200).Select(number => Message($"JOB-7/i-{number}", 500))];

        await Bus(client).SendAsync("removals", messages, Terminal.Patience);

        await using var receiver = client.CreateReceiver("removals");
        List<ServiceBusReceivedMessage> came = [];
        while (await receiver.PeekMessagesAsync(250, cancellationToken: Terminal.Patience) is { Count: > 0 } page)
        {
            came.AddRange(page);
        }

        Assert.Equal(messages.Select(message => message.MessageId), came.Select(message => message.MessageId));
        Assert.All(came, message => Assert.Equal(("application/json", 500), (message.ContentType, message.Body.ToMemory().Length)));
    }

    [Fact]
    public async Task A_message_that_the_bus_does_not_take_is_named()
    {
        await using var broker = await StartAsync(largest: 10_000);
        await using var client = new ServiceBusClient(broker.ConnectionString);

        var refused = await Assert.ThrowsAsync<RequestTooLargeException>(
            () => Bus(client).SendAsync("removals", [Message("small", 100), Message("JOB-7/large", 10_000)], Terminal.Patience));

        Assert.StartsWith("JOB-7/large has 10,000 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_queue_is_not_there_the_sender_hears_of_it()
    {
        await using var broker = await StartAsync(largest: 10_000);
        await using var client = new ServiceBusClient(broker.ConnectionString);

        var refused = await Assert.ThrowsAsync<ServiceBusException>(() => Bus(client).SendAsync("removals-jobs", [Message("small", 100)], Terminal.Patience));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, refused.Reason);
    }

    private static ServiceBusRequestBus Bus(ServiceBusClient client) => new(new QueueSenders(client), TimeProvider.System);

    private static Task<ServiceBusBroker> StartAsync(int largest) =>
        ServiceBusBroker.StartAsync(new() { Port = 0, MaxMessageSize = largest, Queues = [new() { Name = "removals" }] }, Terminal.Patience);

    private static OutgoingRequest Message(string id, int bytes) => new(id, new byte[bytes]);
}
