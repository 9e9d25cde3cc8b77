using Ungroup.FunctionsHost.Files;
using Ungroup.FunctionsHost.Triggers;
using Ungroup.FunctionsHost.Triggers.Http;
using Ungroup.FunctionsHost.Triggers.Queues;
using Ungroup.FunctionsHost.Worker;

namespace Ungroup.FunctionsHost;

/// <summary>
/// Stands in for the Azure Functions host on a laptop, as far as queues, timers and HTTP go: it starts an app's build output as a worker
/// process and speaks the worker protocol with it.
/// </summary>
public sealed class LaptopHost : IAsyncDisposable
{
    private readonly FunctionsHostOptions _options;
    private readonly RpcServer _server;
    private readonly Workers _workers;
    private readonly Invoker _invoker;
    private readonly RunningTriggers _triggers;
    private readonly FunctionKey _key;
    private bool _isStopped;

    private LaptopHost(FunctionsHostOptions options, HostJson host, RpcServer server, Workers workers)
    {
        (_options, _server, _workers) = (options, server, workers);
        _invoker = new(workers, host, options.Watch, options.Clock);
        _key = new(options.Key);
        _triggers = new(_invoker, _key, host, options);
    }

    /// <summary>The functions of the app, by name.</summary>
    public IReadOnlyList<string> Functions { get; private set; } = [];

    /// <summary>Where HTTP functions are called; null where the app has none.</summary>
    public Uri? HttpAddress => _triggers.HttpAddress;

    /// <summary>The key they ask for: in the header x-functions-key, or as code in the query.</summary>
    public string Key => _key.Value;

    /// <summary>The worker process of the moment, or 0 between two of them.</summary>
    public int WorkerProcessId => _workers.ProcessId;

    /// <summary>Faults with a <see cref="FunctionsHostException"/> when the app cannot be kept alive.</summary>
    public Task Completion => _workers.Completion;

    /// <summary>Returns when every function is loaded and every trigger listens.</summary>
    /// <exception cref="FunctionsHostException">The app is not there, or does not start.</exception>
    public static async Task<LaptopHost> StartAsync(FunctionsHostOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var directory = Path.GetFullPath(options.AppDirectory);
        var (config, host) = (WorkerConfig.Read(directory), HostJson.Read(directory));
        foreach (var name in host.Ignored)
        {
            options.Watch.Told($"host.json: {name} is for the Functions host, and has no effect here.");
        }

        var (expected, messages) = (new ExpectedWorkers(), new HeldMessages(options.Clock));
        var server = await RpcServer.StartAsync(new(expected, messages, options.Watch), cancellationToken);
        var workers = new Workers(new(directory, config, server.Address, options.Settings), expected, host, options);
        var running = new LaptopHost(options, host, server, workers);
        try
        {
            var worker = await workers.StartAsync(cancellationToken);
            running.Functions = [.. worker.Functions.Select(function => function.Name)];
            await running._triggers.StartAsync([.. worker.Functions.Select(Trigger.Of)], messages, cancellationToken);
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Receives nothing more, lets what has begun end within <see cref="FunctionsHostOptions.LongestDrain"/>, cancels the rest, and ends the
    /// worker process.
    /// </summary>
    public async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        var stopping = _triggers.StopAsync(CancellationToken.None);
        if (Completion.IsFaulted)
        {
            // Messages still in hand wait for a process that does not come.
            await _invoker.CancelAllAsync();
        }

        using (var drained = new CancellationTokenSource())
        {
            if (await Task.WhenAny(stopping, Task.Delay(_options.LongestDrain, _options.Clock, drained.Token)) != stopping)
            {
                _options.Watch.Told($"What had begun has not ended within {_options.LongestDrain.TotalSeconds:0} s and is cancelled.");
                await _invoker.CancelAllAsync();
            }

            await drained.CancelAsync();
        }

        await Task.WhenAny(stopping, Task.Delay(TimeSpan.FromSeconds(10), _options.Clock));
        await _workers.DisposeAsync();
        await stopping;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _triggers.DisposeAsync();
        _invoker.Dispose();
        await _server.DisposeAsync();
    }
}
