using System.Collections.Concurrent;
using Grpc.Core;
using Ungroup.FunctionsHost.Rpc;

namespace Ungroup.FunctionsHost.Worker;

/// <summary>Leads each worker process's stream to the channel that waits for it, by the worker's id.</summary>
internal sealed class EventStreamService(ExpectedWorkers expected) : FunctionRpc.FunctionRpcBase
{
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext(context.CancellationToken)
            || requestStream.Current.ContentCase != StreamingMessage.ContentOneofCase.StartStream
            || !expected.TryRemove(requestStream.Current.StartStream.WorkerId, out var channel))
        {
            throw new RpcException(new(StatusCode.PermissionDenied, "This host has not started this worker."));
        }

        await channel.RunAsync(requestStream, responseStream, context.CancellationToken);
    }
}

/// <summary>The processes that were started and have not called yet.</summary>
internal sealed class ExpectedWorkers : ConcurrentDictionary<string, WorkerChannel>;
