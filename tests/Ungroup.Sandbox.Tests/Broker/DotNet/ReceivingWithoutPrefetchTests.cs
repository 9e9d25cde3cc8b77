using Azure.Messaging.ServiceBus;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.DotNet;

/// <summary>A credit outlives the call that gave it: what comes then is given back, unseen.</summary>
public sealed class ReceivingWithoutPrefetchTests
{
    [Fact]
    public async Task A_receiver_never_waits_beside_a_full_queue()
    {
        const int Count = 2_000;
        await using var bus = await OfficialBus.StartAsync();
        foreach (var page in Enumerable.Range(0, Count).Chunk(500))
        {
            await bus.Sender.SendMessagesAsync(page.Select(i => new ServiceBusMessage($"{i}")), OfficialBus.Stop);
        }

        for (var i = 0; i < Count; i++)
        {
            await bus.Receiver.CompleteMessageAsync(await bus.NextAsync(), OfficialBus.Stop);
        }

        Assert.Equal(new QueueCounts(OfficialBus.Queue, 0, 0, 0, 0), bus.Counts);
    }

    [Fact]
    public async Task Idle_receivers_give_a_message_back_without_a_trace_of_it()
    {
        await using var bus = await OfficialBus.StartAsync();
        var idle = Enumerable.Range(0, 12).Select(_ => bus.Client.CreateReceiver(OfficialBus.Queue)).ToList();
        await Task.WhenAll(idle.Select(async receiver => Assert.Null(await receiver.ReceiveMessageAsync(OfficialBus.Briefly, OfficialBus.Stop))));

        await bus.SendAsync("for somebody who asks");

        var message = await bus.NextAsync();
        Assert.Equal((1, 0L), (message.DeliveryCount, bus.Counts.DeadLettered));
    }

    [Fact]
    public async Task The_largest_messages_that_are_taken_can_be_received()
    {
        await using var bus = await OfficialBus.StartAsync();

        foreach (var missing in (int[])[1_000, 200, 150, 110])
        {
            var message = new ServiceBusMessage(new byte[(1024 * 1024) - missing]);
            var received = await bus.SendAndReceiveAsync(message);
            Assert.Equal(message.Body.ToMemory().Length, received.Body.ToMemory().Length);
            await bus.Receiver.DeadLetterMessageAsync(received, "TooLarge", new string('x', 1_000), OfficialBus.Stop);
            Assert.Equal(message.Body.ToMemory().Length, (await bus.NextAsync(bus.DeadLetters)).Body.ToMemory().Length);
        }
    }

    [Fact]
    public async Task Peeking_at_much_brings_as_much_as_fits_and_then_the_rest()
    {
        const int Count = 100;
        await using var bus = await OfficialBus.StartAsync();
        for (var i = 0; i < Count; i++)
        {
            await bus.Sender.SendMessageAsync(new(new byte[20_000]) { MessageId = $"{i}" }, OfficialBus.Stop);
        }

        var seen = new List<string>();
        while (await bus.Receiver.PeekMessagesAsync(Count, cancellationToken: OfficialBus.Stop) is { Count: > 0 } page)
        {
            Assert.InRange(page.Sum(message => message.Body.ToMemory().Length), 1, 1024 * 1024);
            seen.AddRange(page.Select(message => message.MessageId));
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), seen);
    }

    [Fact]
    public async Task A_message_larger_than_a_page_is_peeked_by_itself()
    {
        await using var bus = await OfficialBus.StartAsync();
        await bus.Sender.SendMessageAsync(new(new byte[(1024 * 1024) - 200]), OfficialBus.Stop);
        var received = await bus.NextAsync();
        await bus.Receiver.AbandonMessageAsync(received, new Dictionary<string, object> { ["more"] = new string('x', 2_000) }, OfficialBus.Stop);

        Assert.Single(await bus.Receiver.PeekMessagesAsync(10, cancellationToken: OfficialBus.Stop));
    }

    [Fact]
    public async Task The_next_session_of_a_queue_without_sessions_is_refused_with_a_sentence()
    {
        await using var bus = await OfficialBus.StartAsync();

        var next = await Assert.ThrowsAsync<InvalidOperationException>(
            () => bus.Client.AcceptNextSessionAsync(OfficialBus.Queue, cancellationToken: OfficialBus.Stop));
        var named = await Assert.ThrowsAsync<InvalidOperationException>(
            () => bus.Client.AcceptSessionAsync(OfficialBus.Queue, "a", cancellationToken: OfficialBus.Stop));

        Assert.Contains("'orders' has no sessions.", next.Message, StringComparison.Ordinal);
        Assert.Contains("'orders' has no sessions.", named.Message, StringComparison.Ordinal);
    }
}
