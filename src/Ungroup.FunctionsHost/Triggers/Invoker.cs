using Microsoft.Extensions.Logging;
using Ungroup.FunctionsHost.Files;
using Ungroup.FunctionsHost.Rpc;
using Ungroup.FunctionsHost.Worker;

namespace Ungroup.FunctionsHost.Triggers;

/// <summary>Runs a function in the current worker process, for at most as long as host.json lets it.</summary>
internal sealed class Invoker(Workers workers, HostJson host, HostWatch watch, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _cancelAll = new();

    /// <exception cref="InvocationFailedException">The function threw.</exception>
    /// <exception cref="WorkerGoneException">The process ended before it answered.</exception>
    public async Task InvokeAsync(string function, InvocationRequest request, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel, _cancelAll.Token);
        var worker = await workers.ReadyAsync(stop.Token);
        using var timeout = new CancellationTokenSource(host.FunctionTimeout ?? Timeout.InfiniteTimeSpan, clock);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, timeout.Token);
        await using var said = timeout.Token.Register(() =>
            watch.Told($"{function} has run for {host.FunctionTimeout}, the functionTimeout of host.json, and is cancelled."));
        var started = clock.GetTimestamp();
        var response = await worker.InvokeAsync(function, request, cancelled.Token);
        if (response.Result is { Status: not StatusResult.Types.Status.Success } failed)
        {
            throw new InvocationFailedException(function, failed.Exception);
        }

        var took = clock.GetElapsedTime(started).TotalMilliseconds;
        watch.Logged(new(LogLevel.Information, $"Function.{function}", $"Executed {function} in {took:0} ms", request.InvocationId));
    }

    public async Task<Uri> HttpAsync(CancellationToken cancellationToken) => workers.Completion.IsFaulted
        ? throw new WorkerGoneException()
        : await (await workers.ReadyAsync(cancellationToken)).HttpAsync(cancellationToken) ?? throw new FunctionsHostException("The worker takes no HTTP requests of its own; expected an app that calls ConfigureFunctionsWebApplication.");

    public Task CancelAllAsync() => _cancelAll.CancelAsync();

    public void Dispose() => _cancelAll.Dispose();

    public static InvocationRequest Request(string? traceParent = null) => new()
    {
        InvocationId = Guid.NewGuid().ToString(),
        TraceContext = new() { TraceParent = traceParent ?? "", TraceState = "" },
    };
}

/// <summary>A function threw, or was cancelled.</summary>
#pragma warning disable CA1032 // Without what the worker says it would say nothing.
internal sealed class InvocationFailedException(string function, WorkerException? exception)
    : Exception($"{function} failed: {exception?.Type} {exception?.Message ?? "it was cancelled"}");
#pragma warning restore CA1032
