using Microsoft.Extensions.Logging;
using Ungroup.FunctionsHost.Rpc;
using Ungroup.FunctionsHost.Worker;

namespace Ungroup.FunctionsHost.Triggers;

/// <summary>Runs a function in the worker process of the moment, for at most as long as host.json lets it.</summary>
internal sealed class Invoker(Workers workers, HostJson host, HostWatch watch, TimeProvider clock) : IDisposable
{
    private readonly CancellationTokenSource _cancelAll = new();

    /// <exception cref="InvocationFailedException">The function threw.</exception>
    /// <exception cref="WorkerGoneException">The process ended before it answered.</exception>
    public async Task InvokeAsync(string function, InvocationRequest request, CancellationToken cancel)
    {
        var worker = await workers.ReadyAsync(cancel);
        using var timeout = new CancellationTokenSource(host.FunctionTimeout ?? Timeout.InfiniteTimeSpan, clock);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token, _cancelAll.Token);
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

    /// <summary>Where the current process takes HTTP requests.</summary>
    public async Task<Uri> HttpAsync(CancellationToken cancellationToken) => await (await workers.ReadyAsync(cancellationToken)).HttpAsync(cancellationToken)
        ?? throw new FunctionsHostException("The worker takes no HTTP requests of its own; expected an app that calls ConfigureFunctionsWebApplication.");

    /// <summary>Tells everything that runs to stop.</summary>
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
