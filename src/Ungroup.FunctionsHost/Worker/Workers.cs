using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Ungroup.FunctionsHost.Files;
using Ungroup.FunctionsHost.Rpc;

namespace Ungroup.FunctionsHost.Worker;

/// <summary>Keeps a worker process alive: starts it again after a while, until it dies too often.</summary>
internal sealed class Workers(WorkerStart start, ExpectedWorkers expected, HostJson host, FunctionsHostOptions options) : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock = options.Clock;
    private readonly HostWatch _watch = options.Watch;
    private readonly Deaths _deaths = new(options.Clock);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private volatile TaskCompletionSource<LoadedWorker> _ready = NotReady();
    private Task _running = Task.CompletedTask;
    private int _pid;

    /// <summary>Faults when no worker process can be kept alive.</summary>
    public Task Completion => _running;

    public int ProcessId => Volatile.Read(ref _pid);

    /// <summary>A first process that does not come up is not started again: what is wrong with it stays wrong.</summary>
    public async Task<LoadedWorker> StartAsync(CancellationToken cancellationToken)
    {
        var first = _ready.Task;
        _running = RunAsync();
        await Task.WhenAny(first, _running).WaitAsync(cancellationToken);
        return first.IsCompletedSuccessfully ? await first : throw (await FailureAsync());
    }

    /// <summary>
    /// Waits while a process is being started again; where none ever will be, until it is cancelled: a message that is given back comes
    /// again at once, and would soon be a dead letter.
    /// </summary>
    public Task<LoadedWorker> ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(cancellationToken);

    /// <summary>Asks the process to end, waits for what it still has to finish, and ends it otherwise.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task<FunctionsHostException> FailureAsync()
    {
        try
        {
            await _running;
            return new("The function app was stopped before it was ready.");
        }
        catch (FunctionsHostException failure)
        {
            return failure;
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var life = await LiveAsync();
            if (_stop.IsCancellationRequested)
            {
                return;
            }

            await Task.Delay(PauseAfter(life), _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TimeSpan PauseAfter(WorkerLife life)
    {
        var pause = _deaths.PauseAfter(life);
        _watch.Told($"The worker process of the function app is gone ({life.End}); what it had begun is delivered again. It is started again in {pause.TotalSeconds:0} s.");
        return pause;
    }

    private async Task<WorkerLife> LiveAsync()
    {
        var id = Guid.NewGuid().ToString();
        var words = new LastWords();
        var channel = new WorkerChannel(log => Log(log, words), closing: Unready);
        expected[id] = channel;
        _watch.Starting();
        using var process = WorkerProcess.Start(start, id, line => Write(line, words));
        Volatile.Write(ref _pid, process.Id);
        var (wasReady, problem) = await LoadAsync(channel, process);
        if (wasReady)
        {
            await Task.WhenAny(process.Exited, channel.Closed, Task.Delay(Timeout.InfiniteTimeSpan, _clock, _stop.Token));
        }

        if (!process.Exited.IsCompleted)
        {
            await EndAsync(channel, process);
        }

        Volatile.Write(ref _pid, 0);
        expected.TryRemove(id, out _);
        channel.Close();
        return new(wasReady, problem ?? $"exit code {await process.Exited}", words.ToString());
    }

    private async Task<(bool WasReady, string? Problem)> LoadAsync(WorkerChannel channel, WorkerProcess process)
    {
        using var patience = new CancellationTokenSource(LongestStart, _clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stop.Token);
        try
        {
            var loading = LoadedWorker.LoadAsync(channel, start.AppDirectory, _clock, enough.Token);
            if (await Task.WhenAny(loading, process.Exited) != loading)
            {
                await enough.CancelAsync();
                await ((Task)loading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return (false, null);
            }

            _ready.TrySetResult(await loading);
            if (channel.IsClosing)
            {
                // It died as it became ready, and was not ready yet when that was said.
                Unready();
            }

            return (true, null);
        }
        catch (FunctionsHostException failed)
        {
            return (false, failed.Message);
        }
        catch (OperationCanceledException)
        {
            return (false, $"its functions were not loaded within {LongestStart.TotalSeconds:0} s");
        }
    }

    private async Task EndAsync(WorkerChannel channel, WorkerProcess process)
    {
        channel.Send(new() { WorkerTerminate = new() { GracePeriod = Duration.FromTimeSpan(Grace) } });
        await Task.WhenAny(process.Exited, Task.Delay(Grace + Grace, _clock));
        process.Kill();
        await process.Exited;
    }

    private void Log(RpcLog log, LastWords words)
    {
        var level = (LogLevel)log.Level;
        if (log.Exception is { } exception && level >= LogLevel.Error)
        {
            words.Add(exception.Message);
        }

        if (host.Levels.LetThrough(log.Category, level))
        {
            var message = log.Exception is { Message.Length: > 0 } behind ? $"{log.Message} ({FirstLine(behind.Message)})" : log.Message;
            _watch.Logged(new(level, log.Category, message, log.InvocationId is { Length: > 0 } id ? id : null));
        }
    }

    private void Write(string line, LastWords words)
    {
        words.Add(line);
        _watch.Logged(new(LogLevel.Information, "process", line, InvocationId: null));
    }

    // A message that is given back comes again at once, and has to wait for the next process and not for this.
    private void Unready()
    {
        lock (_gate)
        {
            if (_ready.Task.IsCompleted)
            {
                _ready = NotReady();
            }
        }
    }

    private static string FirstLine(string text) => text.AsSpan().IndexOfAny('\r', '\n') is >= 0 and var end ? text[..end] : text;

    private static TaskCompletionSource<LoadedWorker> NotReady() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
