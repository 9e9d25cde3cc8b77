using System.Text;
using Azure.Core.Amqp;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Hosting;
using Ungroup.Cli.Sandbox;
using Ungroup.Messages;
using Ungroup.Sandbox.Broker;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.Worker;

public sealed class QueueWorkerTests : IAsyncLifetime
{
    private const string Slow = """{"on":"*","action":"LeaveSecurityGroup","kind":"slow","times":SLOW,"delayMs":MS}""";

    private readonly Bench _bench = new();

    public async ValueTask InitializeAsync() => await _bench.StartBrokerAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_lock_is_kept_while_a_call_takes_longer_than_it()
    {
        await using var bench = new Bench { LockDuration = TimeSpan.FromSeconds(3) };
        await bench.StartBrokerAsync();
        await bench.StartEcsAsync(SlowCalls(1, 8000));
        using var worker = await bench.StartWorkerAsync();
        await bench.SendAsync("removals", Bench.Request(1));

        await Bench.UntilAsync(() => bench.Settled.Count == 1, "the request was settled");
        Assert.Equal(1, bench.Settled.Single().Delivery.DeliveryCount);
        Assert.Single(bench.Began);
        await worker.StopAsync(Terminal.Patience);

        // By now the broker has read the settlement; it counts what it has written down.
        await Bench.UntilAsync(() => bench.CountsOf("removals") == new QueueCounts("removals", 0, 0, 0, 0), "the message was gone");
    }

    [Fact]
    public async Task Stopping_finishes_what_has_begun_and_gives_the_rest_back()
    {
        await _bench.StartEcsAsync(SlowCalls(20, 1500));
        _bench.Settings["Worker:Concurrency"] = "4";
        using (var worker = await _bench.StartWorkerAsync())
        {
            await _bench.SendAsync("removals", [.. Enumerable.Range(1, 20).Select(number => Bench.Request(number))]);
            await Bench.UntilAsync(() => _bench.Calls.Count >= 1, "a first call was answered");
            await worker.StopAsync(Terminal.Patience);
        }

        // A request that had not come as far as a call waits in a scheduled copy; one that had, is done.
        var done = _bench.Settled.Count(settled => settled.Settlement is Settlement.Complete);
        Assert.Equal(_bench.Began.Count, _bench.Settled.Count);
        Assert.InRange(_bench.Began.Count, 4, 12);
        Assert.Equal(_bench.Calls.CountOf("LeaveSecurityGroup"), done);
        Assert.Equal(20 - done, Left("removals"));
        Assert.Equal(done, _bench.CountsOf(Cloud.AllOutcomes).Active);
    }

    [Fact]
    public async Task A_broker_that_goes_and_comes_back_is_used_again_and_nothing_is_removed_twice()
    {
        await _bench.StartEcsAsync(SlowCalls(10, 400));
        using var worker = await _bench.StartWorkerAsync();
        await _bench.SendAsync("removals", [.. Enumerable.Range(1, 40).Select(number => Bench.Request(number))]);
        await Bench.UntilAsync(() => _bench.Began.Count >= 5, "work began");

        await _bench.StopBrokerAsync();
        await _bench.StartBrokerAsync();

        await Bench.UntilAsync(() => Left("removals") == 0 && _bench.Settled.Count >= 40, "every request was settled");
        Assert.All(Enumerable.Range(1, 40), number => Assert.Equal(1, _bench.World.EffectiveLeaves($"i-{number}", "sg-web")));
        await worker.StopAsync(Terminal.Patience);
    }

    [Fact]
    public async Task Incidents_do_not_wait_behind_a_queue_that_is_full()
    {
        await _bench.StartEcsAsync(SlowCalls(8, 5000));
        _bench.Settings["Worker:Concurrency"] = "2";
        using var worker = await _bench.StartWorkerAsync();
        await _bench.SendAsync("removals", [.. Enumerable.Range(1, 8).Select(number => Bench.Request(number, ",\"dryRun\":false"))]);
        await Bench.UntilAsync(() => _bench.Began.Count == 2, "both places were taken");
        await _bench.SendAsync("removals-incident", Bench.Request(9, ",\"dryRun\":true"));

        await Bench.UntilAsync(() => _bench.Settled.Any(settled => settled.Delivery.MessageId == "m-9"), "the incident was settled");
        Assert.Equal(2, _bench.Began.Count(delivery => delivery.MessageId != "m-9"));
    }

    [Fact]
    public async Task A_dead_letter_says_why()
    {
        await _bench.StartEcsAsync();
        using var worker = await _bench.StartWorkerAsync();
        await _bench.SendAsync("removals", OutgoingMessage.Request("bad", Encoding.UTF8.GetBytes("{}")));
        await Bench.UntilAsync(() => _bench.CountsOf("removals").DeadLettered == 1, "the message was dead-lettered");

        var letter = await DeadLetterAsync("removals");
        Assert.Equal(("bad", "InvalidRequest"), (letter.MessageId, letter.DeadLetterReason));
        Assert.Contains("securityGroupId", letter.DeadLetterErrorDescription, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Text_and_several_sections_are_understood()
    {
        await _bench.StartEcsAsync();
        using var worker = await _bench.StartWorkerAsync();
        var text = new ServiceBusMessage(new AmqpAnnotatedMessage(AmqpMessageBody.FromValue(
            """{"requestId":"text","instanceId":"i-1","securityGroupId":"sg-web","regionId":"cn-hangzhou"}""")));
        text.MessageId = "0f8fad5b-d9cb-469f-a165-70867728950e";
        var parts = new ServiceBusMessage(new AmqpAnnotatedMessage(AmqpMessageBody.FromData(
        [
            Encoding.UTF8.GetBytes("""{"requestId":"parts","instanceId":"i-2","""),
            Encoding.UTF8.GetBytes("\"securityGroupId\":\"sg-web\",\"regionId\":\"cn-hangzhou\"}"),
        ])));
        parts.MessageId = "7";
        await _bench.SendAsync("removals", text, parts);

        await Bench.UntilAsync(() => _bench.Settled.Count == 2, "both were settled");
        Assert.Equal(["0f8fad5b-d9cb-469f-a165-70867728950e", "7"], _bench.Settled.Select(settled => settled.Delivery.MessageId).Order(StringComparer.Ordinal));
        Assert.All(_bench.Settled, settled => Assert.EndsWith(".removed.v1", settled.Settlement.Outcome!.Type, StringComparison.OrdinalIgnoreCase));
    }

    private static string SlowCalls(int times, int milliseconds) => Slow.Replace("SLOW", $"{times}", StringComparison.Ordinal).Replace("MS", $"{milliseconds}", StringComparison.Ordinal);

    private long Left(string queue) => _bench.CountsOf(queue) is var counts ? counts.Active + counts.Locked + counts.Scheduled : 0;

    private async Task<ServiceBusReceivedMessage> DeadLetterAsync(string queue)
    {
        await using var client = new ServiceBusClient(_bench.ConnectionString);
        await using var receiver = client.CreateReceiver(queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var message = await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(10), Terminal.Patience);
        Assert.NotNull(message);
        return message;
    }
}
