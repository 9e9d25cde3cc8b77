using Ungroup.FunctionsHost.Worker;

namespace Ungroup.FunctionsHost.Triggers.Timers;

/// <summary>Runs a function whenever it is due, one run at a time. Runs that were missed while nothing ran are not made up for.</summary>
internal sealed class TimerListener(Trigger.Timer trigger, Schedule schedule, Invoker invoker, HostWatch watch, TimeProvider clock) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public void Start() => _running = RunAsync();

    /// <summary>Cancels a run that is under way: the next one goes on there.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var isDue = trigger.Flag("runOnStartup") == true;
        while (!_stop.IsCancellationRequested)
        {
            if (isDue)
            {
                await InvokeAsync();
            }

            var now = clock.GetUtcNow();
            await Task.Delay(schedule.After(now) - now, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            isDue = true;
        }
    }

    private async Task InvokeAsync()
    {
        var request = Invoker.Request();
        request.InputData.Add(new Rpc.ParameterBinding
        {
            Name = trigger.Parameter,
            Data = new() { Json = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""" },
        });
        try
        {
            await invoker.InvokeAsync(trigger.Function, request, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // It had not begun: it still waited for a worker process.
        }
        catch (Exception failed) when (failed is InvocationFailedException or WorkerGoneException or FunctionsHostException)
        {
            watch.Told($"{failed.Message}; it runs again when it is due.");
        }
    }
}
