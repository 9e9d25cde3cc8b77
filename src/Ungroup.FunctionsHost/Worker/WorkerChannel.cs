using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Ungroup.FunctionsHost.Rpc;

namespace Ungroup.FunctionsHost.Worker;

/// <summary>The event stream of one worker process: questions with one answer each, invocations, and log lines.</summary>
/// <param name="logged">Hears each log line.</param>
/// <param name="closing">Called once, before anybody who waits for an answer hears that there will be none.</param>
internal sealed class WorkerChannel(Action<RpcLog> logged, Action closing)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invocations = new();
    private readonly ConcurrentDictionary<StreamingMessage.ContentOneofCase, TaskCompletionSource<StreamingMessage>> _questions = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<FunctionLoadResponse>> _loads = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _isClosing;

    /// <summary>Ends when nothing comes from this process any more.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Ends when the worker has said its first word.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Carries messages both ways for as long as the worker lives.</summary>
    public async Task RunAsync(IAsyncStreamReader<StreamingMessage> incoming, IServerStreamWriter<StreamingMessage> outgoing, CancellationToken gone)
    {
        _opened.TrySetResult();
        var writing = WriteAsync(outgoing, gone);
        try
        {
            while (await incoming.MoveNext(gone))
            {
                Receive(incoming.Current);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or RpcException)
        {
            // The process has ended, or is about to be ended.
        }
        finally
        {
            Close();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Sends a message that is answered by the next one of a kind.</summary>
    public async Task<StreamingMessage> AskAsync(StreamingMessage question, StreamingMessage.ContentOneofCase kind, CancellationToken cancellationToken)
    {
        var answer = _questions.GetOrAdd(kind, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        Send(question);
        return await answer.Task.WaitAsync(cancellationToken);
    }

    public async Task<FunctionLoadResponse> LoadAsync(RpcFunctionMetadata function, CancellationToken cancellationToken)
    {
        var answer = _loads.GetOrAdd(function.FunctionId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        Send(new() { FunctionLoadRequest = new() { FunctionId = function.FunctionId, Metadata = function } });
        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <param name="request">Which function, with what.</param>
    /// <param name="cancel">Tells the function to stop; its answer is waited for all the same.</param>
    /// <exception cref="WorkerGoneException">The process ended before it answered.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancel)
    {
        var answer = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        _invocations[request.InvocationId] = answer;
        Send(new() { InvocationRequest = request });
        await using var cancelled = cancel.Register(() => Send(new() { InvocationCancel = new() { InvocationId = request.InvocationId } }));
        try
        {
            return await Task.WhenAny(answer.Task, _closed.Task) == answer.Task ? await answer.Task : throw new WorkerGoneException();
        }
        finally
        {
            _invocations.TryRemove(request.InvocationId, out _);
        }
    }

    public void Send(StreamingMessage message) => _outgoing.Writer.TryWrite(message);

    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosing, 1) == 0)
        {
            closing();
        }

        _outgoing.Writer.TryComplete();
        _closed.TrySetResult();
    }

    private async Task WriteAsync(IServerStreamWriter<StreamingMessage> outgoing, CancellationToken gone)
    {
        await foreach (var message in _outgoing.Reader.ReadAllAsync(gone))
        {
            await outgoing.WriteAsync(message, gone);
        }
    }

    private void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case StreamingMessage.ContentOneofCase.RpcLog:
                logged(message.RpcLog);
                break;
            case StreamingMessage.ContentOneofCase.InvocationResponse
                when _invocations.TryGetValue(message.InvocationResponse.InvocationId, out var invocation):
                invocation.TrySetResult(message.InvocationResponse);
                break;
            case StreamingMessage.ContentOneofCase.FunctionLoadResponse when _loads.TryRemove(message.FunctionLoadResponse.FunctionId, out var load):
                load.TrySetResult(message.FunctionLoadResponse);
                break;
            case var kind when _questions.TryRemove(kind, out var question):
                question.TrySetResult(message);
                break;
            default:
                // The answer to a cancellation, which says nothing, and whatever else later workers may send.
                break;
        }
    }
}

/// <summary>The worker process has ended, and with it what it was doing.</summary>
#pragma warning disable CA1032 // It says nothing else.
internal sealed class WorkerGoneException() : Exception("The worker process ended before it answered.");
#pragma warning restore CA1032
