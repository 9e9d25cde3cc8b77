using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Ungroup.Cli.Amqp;
using Ungroup.Outcomes;
using Ungroup.Sandbox.Broker;

namespace Ungroup.EndToEnd.Tests.Amqp;

public sealed class AmqpOutcomeBusTests
{
    [Fact]
    public async Task An_event_the_broker_finds_too_large_is_told_from_a_broker_that_is_away_and_costs_no_connection()
    {
        await using var broker = await ServiceBusBroker.StartAsync(
            new() { Port = 0, MaxMessageSize = 2_000, Queues = [new() { Name = "outcomes" }] }, Terminal.Patience);
        Assert.True(BusAddress.TryParse(broker.ConnectionString, out var address, out _));
        await using var bus = new AmqpOutcomeBus(
            address, "outcomes", new Redial(TimeProvider.System, () => 0.5), TimeProvider.System, NullLogger<AmqpOutcomeBus>.Instance);

        var small = bus.PublishAsync(Event("small", 100), Terminal.Patience);
        var error = await Assert.ThrowsAsync<OutcomeTooLargeException>(() => bus.PublishAsync(Event("large", 2_000), Terminal.Patience));
        await small;
        await bus.PublishAsync(Event("next", 100), Terminal.Patience);

        Assert.Contains("the broker takes 2,000", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, broker.Counts().Single().Active);
    }

    private static OutcomeEvent Event(string id, int length) =>
        new(id, "ungroup.removal.Removed.v1", "i-1", Encoding.UTF8.GetBytes($$"""{"data":{"status":"Removed","sentence":"{{new string('x', length)}}" } }"""));
}
