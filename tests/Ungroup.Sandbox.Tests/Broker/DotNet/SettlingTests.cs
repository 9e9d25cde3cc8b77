using Azure.Messaging.ServiceBus;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.DotNet;

public sealed class SettlingTests : IAsyncLifetime
{
    private OfficialBus _bus = null!;

    public async ValueTask InitializeAsync()
    {
        _bus = await OfficialBus.StartAsync();
        await _bus.SendAsync("a");
    }

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task What_is_received_and_deleted_is_gone()
    {
        var receiver = _bus.Client.CreateReceiver(OfficialBus.Queue, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });

        Assert.Equal("a", (await _bus.NextAsync(receiver)).Body.ToString());

        Assert.Equal(new(OfficialBus.Queue, 0, 0, 0, 0), _bus.Counts);
    }

    [Fact]
    public async Task An_abandoned_message_comes_again_with_what_was_added_until_it_has_come_too_often()
    {
        for (var delivery = 1; delivery <= 3; delivery++)
        {
            var message = await _bus.NextAsync();
            Assert.Equal(delivery, message.DeliveryCount);
            Assert.Equal(delivery > 1, message.ApplicationProperties.ContainsKey("tries"));
            await _bus.Receiver.AbandonMessageAsync(message, new Dictionary<string, object> { ["tries"] = delivery }, OfficialBus.Stop);
        }

        var dead = await _bus.NextAsync(_bus.DeadLetters);
        Assert.Equal(("MaxDeliveryCountExceeded", 3), (dead.DeadLetterReason, dead.ApplicationProperties["tries"]));
    }

    [Fact]
    public async Task A_deferred_message_is_there_by_its_number_alone()
    {
        var message = await _bus.NextAsync();
        await _bus.Receiver.DeferMessageAsync(message, cancellationToken: OfficialBus.Stop);

        Assert.Equal(ServiceBusMessageState.Deferred, (await _bus.Receiver.PeekMessageAsync(cancellationToken: OfficialBus.Stop)).State);
        var deferred = await _bus.Receiver.ReceiveDeferredMessageAsync(message.SequenceNumber, OfficialBus.Stop);
        await _bus.Receiver.CompleteMessageAsync(deferred, OfficialBus.Stop);

        Assert.Equal(new(OfficialBus.Queue, 0, 0, 0, 0), _bus.Counts);
    }

    [Fact]
    public async Task A_dead_letter_says_why_and_where_it_comes_from()
    {
        await _bus.Receiver.DeadLetterMessageAsync(
            await _bus.NextAsync(), new Dictionary<string, object> { ["extra"] = 7 }, "Bad", "no group", OfficialBus.Stop);

        var dead = await _bus.NextAsync(_bus.DeadLetters);
        Assert.Equal(("Bad", "no group", 7, OfficialBus.Queue), (
            dead.DeadLetterReason, dead.DeadLetterErrorDescription, dead.ApplicationProperties["extra"], dead.DeadLetterSource));
        await _bus.DeadLetters.CompleteMessageAsync(dead, OfficialBus.Stop);
        Assert.Equal(0, _bus.Counts.DeadLettered);
    }

    [Fact]
    public async Task A_renewed_lock_lasts_longer_and_one_that_ran_out_is_lost()
    {
        await using var bus = await OfficialBus.StartAsync(new QueueOptions { Name = OfficialBus.Queue, LockDuration = TimeSpan.FromSeconds(5) });
        await bus.SendAsync("a");
        var message = await bus.NextAsync();
        var until = message.LockedUntil;

        // A lock's end is told in whole milliseconds: a renewal within the same one would not show.
        await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, OfficialBus.Stop);
        await bus.Receiver.RenewMessageLockAsync(message, OfficialBus.Stop);
        Assert.True(message.LockedUntil > until);

        var again = await bus.NextAsync(); // as soon as the lock has run out
        var lost = await Assert.ThrowsAsync<ServiceBusException>(() => bus.Receiver.CompleteMessageAsync(message, OfficialBus.Stop));

        Assert.Equal((2, ServiceBusFailureReason.MessageLockLost), (again.DeliveryCount, lost.Reason));
    }

    [Fact]
    public async Task What_was_received_on_a_link_that_is_closed_is_settled_on_another()
    {
        var closed = _bus.Client.CreateReceiver(OfficialBus.Queue);
        var message = await _bus.NextAsync(closed);
        await closed.CloseAsync(OfficialBus.Stop);

        await _bus.Receiver.CompleteMessageAsync(message, OfficialBus.Stop);

        Assert.Equal(new(OfficialBus.Queue, 0, 0, 0, 0), _bus.Counts);
    }

    [Fact]
    public async Task A_processor_renews_what_takes_longer_than_a_lock_and_nothing_comes_twice()
    {
        const int Slow = 8;
        const int Count = 500;
        await using var bus = await OfficialBus.StartAsync(new QueueOptions { Name = OfficialBus.Queue, LockDuration = TimeSpan.FromSeconds(10) });
        await bus.Sender.SendMessagesAsync(Enumerable.Range(0, Count).Select(i => new ServiceBusMessage($"{i}")), OfficialBus.Stop);
        var (done, tooOften, slow) = (0, 0, 0);
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var processor = bus.Client.CreateProcessor(OfficialBus.Queue, new ServiceBusProcessorOptions { MaxConcurrentCalls = 32, PrefetchCount = 32 });
        processor.ProcessErrorAsync += error => Task.FromResult(all.TrySetException(error.Exception));
        processor.ProcessMessageAsync += async args =>
        {
            Interlocked.Add(ref tooOften, args.Message.DeliveryCount - 1);
            if (Interlocked.Increment(ref slow) <= Slow)
            {
                await PastAsync(args.Message.LockedUntil);
            }

            await args.CompleteMessageAsync(args.Message, OfficialBus.Stop);
            if (Interlocked.Increment(ref done) == Count)
            {
                all.TrySetResult();
            }
        };

        await processor.StartProcessingAsync(OfficialBus.Stop);
        await all.Task.WaitAsync(TimeSpan.FromMinutes(2), OfficialBus.Stop);
        await processor.StopProcessingAsync(OfficialBus.Stop);

        Assert.Equal((0, new(OfficialBus.Queue, 0, 0, 0, 0)), (tooOften, bus.Counts));
    }

    private static async Task PastAsync(DateTimeOffset until)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (TimeProvider.System.GetUtcNow() <= until && await timer.WaitForNextTickAsync(OfficialBus.Stop))
        {
        }
    }
}
