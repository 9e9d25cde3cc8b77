using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Ungroup.Quotas;

namespace Ungroup.ServiceBus;

/// <summary>
/// Receives as many messages as there are places for and hands each to <paramref name="work"/> in the order they came. Why it asks the
/// way it does: docs/decisions/0017-receiving.md.
/// </summary>
internal sealed partial class QueueReceiver(
    ServiceBusClient client, ReceivedQueue queue, Func<LockedMessage, CancellationToken, Task> work, Redial redial, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(30);

    // A namespace that is throttled lets a close wait for a minute.
    private static readonly TimeSpan LongestClose = TimeSpan.FromSeconds(3);

    private readonly Places _places = new(queue.Concurrency, queue.Room, clock);
    private readonly ServiceBusReceiver _settler = client.CreateReceiver(queue.Name);
    private readonly TaskCompletionSource _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceBusReceiver? _receiver;
    private Task _closing = Task.CompletedTask;

    // How many messages the open receiver may still be sent: a call that ends without them does not take them back.
    private int _credit;

    public Task Attached => _attached.Task;

    /// <summary>Ends after <paramref name="stop"/>, once everything that had begun is settled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(_places.Stop);
        if (await ReachAsync(stop))
        {
            LogAttached(queue.Name, queue.Bus, queue.Concurrency);
            _attached.TrySetResult();
        }

        while (await FreeAsync() is > 0 and var free)
        {
            await ReceiveAsync(free, stop);
        }

        await _places.Idle;
        CloseReceiver();
        await _closing;
        await CloseAsync(_settler);
        _attached.TrySetCanceled(stop);
    }

    // A message without a place would let its lock run out.
    private Task<int> FreeAsync()
    {
        if (_credit > _places.Free)
        {
            CloseReceiver();
        }

        return _places.WaitUntilFreeAsync();
    }

    private async Task ReceiveAsync(int free, CancellationToken stop)
    {
        var fell = _places.Fell;
        if (_places.Free < free)
        {
            return;
        }

        var receiver = _receiver ??= client.CreateReceiver(queue.Name);
        _credit = Math.Max(_credit, free);
        IReadOnlyList<ServiceBusReceivedMessage> messages;
        try
        {
            messages = await CallAsync(receiver, free, fell);
            redial.Reset();
        }
        catch (Exception) when (receiver.IsClosed)
        {
            return;
        }
        catch (Exception error)
        {
            CloseReceiver();
            await ComeBackAsync(error, stop);
            return;
        }

        Begin(messages, receiver, stop);
    }

    // Never cancelled: a batch that has come would be locked and given to nobody. Closing the receiver gives it.
    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> CallAsync(ServiceBusReceiver receiver, int free, Task fell)
    {
        var call = receiver.ReceiveMessagesAsync(free, LongestCall, CancellationToken.None);
        while (_receiver is not null && await Task.WhenAny(call, fell) == fell && !call.IsCompleted)
        {
            fell = _places.Fell;
            if (_credit > _places.Free)
            {
                CloseReceiver();
            }
        }

        return await call;
    }

    private void Begin(IReadOnlyList<ServiceBusReceivedMessage> messages, ServiceBusReceiver receiver, CancellationToken stop)
    {
        _credit = Math.Max(0, _credit - messages.Count);

        // All of them before the first is worked on: the pace hears of it, and would find places that are taken.
        foreach (var message in messages)
        {
            _places.Begin();
            queue.Room?.Came(message.LockedUntil - clock.GetUtcNow());
        }

        // One at a time up to the first wait inside the work: the first that came claims its request first.
        foreach (var message in messages)
        {
            _ = WorkAsync(new(message, receiver, _settler), stop);
        }
    }

    private async Task WorkAsync(LockedMessage message, CancellationToken stop)
    {
        try
        {
            await (stop.IsCancellationRequested ? message.AbandonAsync() : work(message, stop));
        }
        catch (Exception exception) when (BusFailure.Is(exception))
        {
            LogNotGivenBack(queue.Name, message.Message.SequenceNumber, BusFailure.Say(exception));
        }
        catch (Exception exception)
        {
            LogDefect(exception, queue.Name);
        }
        finally
        {
            _places.End();
        }
    }

    private async Task ComeBackAsync(Exception error, CancellationToken stop)
    {
        LogCutOff(queue.Name, queue.Bus, BusFailure.Say(error));
        await redial.WaitAsync(stop);
        if (await ReachAsync(stop))
        {
            LogBack(queue.Name, queue.Bus);
        }
    }

    /// <summary>Peeks until the queue answers, for a receiver says nothing while its queue is empty. False where we stop before that.</summary>
    private async Task<bool> ReachAsync(CancellationToken stop)
    {
        string? said = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await _settler.PeekMessageAsync(cancellationToken: stop);
                return true;
            }
            catch (Exception error) when (BusFailure.Is(error))
            {
                if (BusFailure.Say(error) is var reason && reason != said)
                {
                    LogUnreachable(queue.Name, queue.Bus, said = reason);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return false;
            }

            await redial.WaitAsync(stop);
        }

        return false;
    }

    // Not awaited: the next receiver need not wait for the goodbye of this one.
    private void CloseReceiver()
    {
        if (_receiver is { } old)
        {
            (_receiver, _credit) = (null, 0);
            _closing = Task.WhenAll(_closing, CloseAsync(old));
        }
    }

    private async Task CloseAsync(ServiceBusReceiver receiver)
    {
        using var patience = new CancellationTokenSource(LongestClose, clock);
        try
        {
            await receiver.CloseAsync(patience.Token);
        }
        catch (Exception error) when (BusFailure.Is(error) || error is OperationCanceledException)
        {
        }
    }

    [LoggerMessage(600, LogLevel.Information, "{Queue}: attached to {Bus}, {Concurrency} at once")]
    private partial void LogAttached(string queue, BusAddress bus, int concurrency);

    [LoggerMessage(601, LogLevel.Warning, "{Queue}: {Bus} cannot be used, trying again: {Reason}")]
    private partial void LogUnreachable(string queue, BusAddress bus, string reason);

    [LoggerMessage(607, LogLevel.Warning, "{Queue}: cut off from {Bus}: {Reason}")]
    private partial void LogCutOff(string queue, BusAddress bus, string reason);

    [LoggerMessage(608, LogLevel.Information, "{Queue}: back at {Bus}")]
    private partial void LogBack(string queue, BusAddress bus);

    [LoggerMessage(609, LogLevel.Warning, "{Queue}: message {SequenceNumber} came while the worker stopped and could not be given back; it comes again when its lock runs out: {Reason}")]
    private partial void LogNotGivenBack(string queue, long sequenceNumber, string reason);

    [LoggerMessage(604, LogLevel.Error, "{Queue}: a defect in the worker; the message comes back when its lock runs out")]
    private partial void LogDefect(Exception exception, string queue);
}

internal sealed record ReceivedQueue(BusAddress Bus, string Name, int Concurrency, QueueBudget? Room = null);
