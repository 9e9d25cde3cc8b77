using System.Text;
using Azure.Messaging.ServiceBus;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Sandbox.Broker;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

public sealed class ServiceBusOutcomeBusTests
{
    [Fact]
    public async Task An_event_the_broker_finds_too_large_is_told_from_a_broker_that_is_away_and_costs_no_connection()
    {
        await using var broker = await ServiceBusBroker.StartAsync(
            new() { Port = 0, MaxMessageSize = 2_000, Queues = [new() { Name = "outcomes" }] }, Terminal.Patience);
        await using var bus = new ServiceBusOutcomeBus(() => new(broker.ConnectionString), "outcomes");

        // The first is on its way alone; what comes meanwhile leaves in one batch, the large one with it.
        Task[] sending = [.. Enumerable.Range(0, 5).Select(number => bus.PublishAsync(Event($"small-{number}", 100), Terminal.Patience))];
        var large = bus.PublishAsync(Event("large", 2_000), Terminal.Patience);
        var last = bus.PublishAsync(Event("last", 100), Terminal.Patience);

        await Assert.ThrowsAsync<OutcomeTooLargeException>(() => large);
        await Task.WhenAll([.. sending, last]);
        await bus.PublishAsync(Event("next", 100), Terminal.Patience);
        Assert.Equal(7, broker.Counts().Single().Active);
    }

    [Fact]
    public async Task Events_that_come_together_are_told_once_each_however_many_they_are()
    {
        await using var broker = await ServiceBusBroker.StartAsync(new() { Port = 0, Queues = [new() { Name = "outcomes" }] }, Terminal.Patience);
        await using var bus = new ServiceBusOutcomeBus(() => new(broker.ConnectionString), "outcomes");

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(number => bus.PublishAsync(Event($"e-{number}", number % 50 == 0 ? 100_000 : 700), Terminal.Patience)));

        Assert.Equal(1_000, broker.Counts().Single().Active);
    }

    [Fact]
    public async Task Where_the_topic_is_not_there_every_event_that_waits_hears_of_it()
    {
        await using var broker = await ServiceBusBroker.StartAsync(new() { Port = 0, Queues = [new() { Name = "other" }] }, Terminal.Patience);
        await using var bus = new ServiceBusOutcomeBus(() => new(broker.ConnectionString), "outcomes");

        var ends = await Task.WhenAll(Enumerable.Range(0, 5).Select(number =>
            Record.ExceptionAsync(() => bus.PublishAsync(Event($"e-{number}", 100), Terminal.Patience)).AsTask()));

        Assert.All(ends, end => Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, Assert.IsType<ServiceBusException>(end).Reason));
    }

    [Fact]
    public async Task A_connection_that_is_open_and_silent_is_replaced_after_the_first_event_that_it_did_not_take()
    {
        await using var broker = await ServiceBusBroker.StartAsync(new() { Port = 0, Queues = [new() { Name = "outcomes" }] }, Terminal.Patience);
        await using var front = new MutedFront(broker.Port);
        var address = broker.ConnectionString.Replace($":{broker.Port};", $":{front.Port};", StringComparison.Ordinal);
        var impatient = new ServiceBusClientOptions { RetryOptions = new() { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(1) } };
        await using var bus = new ServiceBusOutcomeBus(() => new(address, impatient), "outcomes");
        await PublishUntilTakenAsync("before");

        front.Mute();
        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => bus.PublishAsync(Event("lost", 100), Terminal.Patience));
        Assert.Equal(ServiceBusFailureReason.ServiceTimeout, lost.Reason);

        await PublishUntilTakenAsync("after");

        // A second is little for a machine that has other work: what this is about is that it succeeds at all.
        async Task PublishUntilTakenAsync(string id)
        {
            while (await Record.ExceptionAsync(() => bus.PublishAsync(Event(id, 100), Terminal.Patience)) is { } error)
            {
                Assert.Equal(ServiceBusFailureReason.ServiceTimeout, Assert.IsType<ServiceBusException>(error).Reason);
            }
        }
    }

    private static OutcomeEvent Event(string id, int length) =>
        new(id, "ungroup.removal.Removed.v1", "i-1", Encoding.UTF8.GetBytes($$"""{"data":{"status":"Removed","sentence":"{{new string('x', length)}}" } }"""));
}
