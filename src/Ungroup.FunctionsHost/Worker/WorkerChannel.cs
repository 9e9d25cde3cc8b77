using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using Ungroup.FunctionsHost.Rpc;

namespace Ungroup.FunctionsHost.Worker;

/// <summary>The event stream of one worker process. <paramref name="closing"/> is called before anyone hears that no answer comes.</summary>
internal sealed class WorkerChannel(Action<RpcLog> logged, Action closing)
{
    private readonly Channel<StreamingMessage> _outgoing = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> _invocations = new();
    private readonly ConcurrentDictionary<StreamingMessage.ContentOneofCase, TaskCompletionSource<StreamingMessage>> _questions = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<FunctionLoadResponse>> _loads = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _gate = new();
    private volatile bool _isClosing;

    /// <summary>Nothing more is answered. True before <see cref="Closed"/> is complete.</summary>
    public bool IsClosing => _isClosing;

    public Task Closed => _closed.Task;

    public Task Opened => _opened.Task;

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
        }
        finally
        {
            Close();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

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

    /// <summary>A cancelled function's answer is waited for all the same.</summary>
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
        // The stream and the process end side by side; the second has to wait until the first has said it.
        lock (_gate)
        {
            if (!_isClosing)
            {
                _isClosing = true;
                closing();
            }
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
                // The empty answer to a cancellation, and whatever else later workers may send.
                break;
        }
    }
}

/// <summary>The worker process has ended, and with it what it was doing.</summary>
#pragma warning disable CA1032 // It says nothing else.
internal sealed class WorkerGoneException() : Exception("The worker process ended before it answered.");
#pragma warning restore CA1032
