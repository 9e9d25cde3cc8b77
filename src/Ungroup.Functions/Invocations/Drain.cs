using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ungroup.Functions.Invocations;

/// <summary>
/// Lets invocations end before the process does, which would otherwise exit with calls in flight. The host kills the process a few
/// seconds later; messages that are cut off come back, and are read back first.
/// </summary>
public sealed partial class Drain(ILogger<Drain> logger) : IHostedService, IDisposable
{
    private readonly Lock _sync = new();
    private readonly CancellationTokenSource _ending = new();
    private TaskCompletionSource? _idle;
    private int _running;

    public CancellationToken Ending => _ending.Token;

    public void Began()
    {
        lock (_sync)
        {
            _running++;
        }
    }

    public void Ended()
    {
        lock (_sync)
        {
            if (--_running == 0)
            {
                _idle?.TrySetResult();
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync();
        var idle = Idle();
        try
        {
            await idle.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            LogCutOff(_running);
        }
    }

    public void Dispose() => _ending.Dispose();

    private Task Idle()
    {
        lock (_sync)
        {
            _idle ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_running == 0)
            {
                _idle.TrySetResult();
            }

            return _idle.Task;
        }
    }

    [LoggerMessage(650, LogLevel.Warning,
        "The process ends with {Running} invocations under way. Their messages come back when their locks run out; what they had called is read back first.")]
    private partial void LogCutOff(int running);
}
