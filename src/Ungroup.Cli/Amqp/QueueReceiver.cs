using System.Threading.Channels;
using Amqp;
using Microsoft.Extensions.Logging;
using Ungroup.Quotas;

namespace Ungroup.Cli.Amqp;

/// <summary>Attaches to a queue, again and again, and hands what arrives to <paramref name="work"/> in the order it arrived.</summary>
internal sealed partial class QueueReceiver(
    QueueAddress queue, Func<QueueLink, Message, CancellationToken, Task> work, Redial redial, TimeProvider clock, ILogger logger)
{
    private readonly CreditWindow _window = new(queue.Concurrency, queue.Room, clock);
    private readonly TaskCompletionSource _attached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Channel<(QueueLink Link, Message Message)> _arrived =
        Channel.CreateUnbounded<(QueueLink, Message)>(new UnboundedChannelOptions { SingleReader = true });

    private string? _said;

    /// <summary>Ends when messages can come for the first time.</summary>
    public Task Attached => _attached.Task;

    /// <summary>
    /// Ends after <paramref name="stop"/>, once everything that had begun is settled; what arrives while that goes on is released.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var beginning = BeginAllAsync(stop);
        while (!stop.IsCancellationRequested)
        {
            var reason = await AttachAsync(stop);
            if (reason != _said && !stop.IsCancellationRequested)
            {
                LogUnreachable(queue.Name, queue.Bus, reason);
                _said = reason;
            }

            await redial.WaitAsync(stop);
        }

        _arrived.Writer.Complete();
        await beginning;
        _attached.TrySetCanceled(stop);
    }

    // Returns when the link is lost, with the reason, or when we stop.
    private async Task<string> AttachAsync(CancellationToken stop)
    {
        try
        {
            await using var link = await QueueLink.OpenAsync(queue.Bus, queue.Name, clock, stop);
            redial.Reset();
            _said = null;
            LogAttached(queue.Name, queue.Bus, queue.Concurrency);
            return await ReceiveAsync(link, stop);
        }
        catch (Exception exception) when (BusFailure.Is(exception) || stop.IsCancellationRequested)
        {
            return BusFailure.Say(exception);
        }
    }

    private async Task<string> ReceiveAsync(QueueLink link, CancellationToken stop)
    {
        try
        {
            link.Start(_window, message => Arrive(link, message));
            _attached.TrySetResult();
            await ((Task)link.Lost).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                _window.Stop();
                await Task.WhenAny(_window.Idle, link.Lost);
            }

            return link.Lost.IsCompleted ? await link.Lost : "stopped";
        }
        finally
        {
            _window.Detach();
        }
    }

    private void Arrive(QueueLink link, Message message)
    {
        if (IncomingMessage.LockedUntil(message) is { } until)
        {
            queue.Room?.Came(until - clock.GetUtcNow());
        }

        _arrived.Writer.TryWrite((link, message));
    }

    // One at a time up to the first wait inside the work: whoever came first claims its request first.
    private async Task BeginAllAsync(CancellationToken stop)
    {
        await foreach (var (link, message) in _arrived.Reader.ReadAllAsync(CancellationToken.None))
        {
            _ = WorkAsync(link, message, stop);
        }

        _window.Stop();
        await _window.Idle;
    }

    private async Task WorkAsync(QueueLink link, Message message, CancellationToken stop)
    {
        try
        {
            if (_window.IsStopped)
            {
                link.Release(message);
            }
            else
            {
                await work(link, message, stop);
            }
        }
        catch (Exception exception)
        {
            LogDefect(exception, queue.Name);
        }
        finally
        {
            _window.End();
        }
    }

    [LoggerMessage(600, LogLevel.Information, "{Queue}: attached to {Bus}, {Concurrency} at once")]
    private partial void LogAttached(string queue, BusAddress bus, int concurrency);

    [LoggerMessage(604, LogLevel.Error, "{Queue}: a defect in the worker; the message comes back when its lock runs out")]
    private partial void LogDefect(Exception exception, string queue);

    [LoggerMessage(601, LogLevel.Warning, "{Queue}: {Bus} cannot be used, trying again: {Reason}")]
    private partial void LogUnreachable(string queue, BusAddress bus, string reason);
}

/// <summary>A queue, where it is, how many of its messages are worked on at once, and what the pace has room for; null where no quota is behind it.</summary>
internal sealed record QueueAddress(BusAddress Bus, string Name, int Concurrency, QueueBudget? Room = null);
