using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Ungroup.Sandbox.Broker.Management;

/// <summary>A connection that was accepted elsewhere, as the HTTP server wants to see it.</summary>
internal sealed class HandedConnection : DefaultConnectionContext
{
    private readonly Stream _stream;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HandedConnection(Stream stream)
    {
        _stream = stream;
        Transport = new StreamPipe(stream);
    }

    /// <summary>Completes when the server is done with it.</summary>
    public Task Ended => _ended.Task;

    public override void Abort(ConnectionAbortedException abortReason) => _stream.Dispose();

    public override ValueTask DisposeAsync()
    {
        _ended.TrySetResult();
        return base.DisposeAsync();
    }

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new(leaveOpen: true));
    }
}
