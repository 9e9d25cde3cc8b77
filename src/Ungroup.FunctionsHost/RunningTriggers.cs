using Ungroup.FunctionsHost.Files;
using Ungroup.FunctionsHost.Triggers;
using Ungroup.FunctionsHost.Triggers.Http;
using Ungroup.FunctionsHost.Triggers.Queues;
using Ungroup.FunctionsHost.Triggers.Timers;

namespace Ungroup.FunctionsHost;

internal sealed class RunningTriggers(Invoker invoker, FunctionKey key, HostJson host, FunctionsHostOptions options) : IAsyncDisposable
{
    private readonly List<QueueListener> _queues = [];
    private readonly List<TimerListener> _timers = [];
    private readonly HttpFunctions _functions = new(invoker, key, options.Watch);
    private HttpFront? _front;

    public Uri? HttpAddress => _front?.Address;

    /// <summary>Makes everything before anything runs, so that problems show at once.</summary>
    public async Task StartAsync(IReadOnlyList<Trigger> triggers, HeldMessages messages, CancellationToken cancellationToken)
    {
        var settings = new AppSettings(options.Settings);
        var surroundings = new QueueSurroundings(invoker, messages, options.Watch);
        foreach (var trigger in triggers)
        {
            Make(trigger, settings, surroundings);
        }

        Trigger.Http[] answering = [.. triggers.OfType<Trigger.Http>()];
        if (answering.Length > 0)
        {
            _front = await HttpFront.StartAsync(
                options.HttpPort, server => Array.ForEach(answering, trigger => _functions.Map(server, trigger, host.RoutePrefix)), cancellationToken);
        }

        await Task.WhenAll(_queues.Select(queue => queue.StartAsync(cancellationToken)));
        _timers.ForEach(timer => timer.Start());
    }

    /// <summary>Waits for what has begun; a timer's run is told to stop, and its next one goes on there.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(
            Task.WhenAll(_queues.Select(queue => queue.StopAsync(cancellationToken))),
            Task.WhenAll(_timers.Select(timer => timer.StopAsync())),
            _front?.StopAsync(cancellationToken) ?? Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues)
        {
            await queue.DisposeAsync();
        }

        foreach (var timer in _timers)
        {
            await timer.DisposeAsync();
        }

        await (_front?.DisposeAsync() ?? ValueTask.CompletedTask);
        _functions.Dispose();
    }

    private void Make(Trigger trigger, AppSettings settings, QueueSurroundings surroundings)
    {
        switch (trigger)
        {
            case Trigger.Queue queue when QueueListener.ReasonToLeaveOut(queue) is { } reason:
                options.Watch.Told($"{queue.Function} is left out: {reason}, which only the Functions host knows.");
                break;
            case Trigger.Queue queue:
                _queues.Add(new(queue, settings, host, surroundings));
                break;
            case Trigger.Timer timer:
                var schedule = Schedule.Parse(timer.Function, settings.Resolve(timer.Text("schedule") ?? ""));
                _timers.Add(new(timer, schedule, invoker, options.Watch, options.Clock));
                break;
            case Trigger.Other other:
                options.Watch.Told($"{other.Function} is left out: only the Functions host knows a {other.Type}.");
                break;
            default:
                break;
        }
    }
}
