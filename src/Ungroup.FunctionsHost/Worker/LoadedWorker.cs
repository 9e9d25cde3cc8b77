using Ungroup.FunctionsHost.Rpc;
using Kind = Ungroup.FunctionsHost.Rpc.StreamingMessage.ContentOneofCase;

namespace Ungroup.FunctionsHost.Worker;

/// <summary>A worker process that has loaded its functions.</summary>
internal sealed class LoadedWorker
{
    private readonly WorkerChannel _channel;
    private readonly Dictionary<string, string> _ids;

    private readonly HttpEndpoint? _http;

    private LoadedWorker(WorkerChannel channel, IReadOnlyList<RpcFunctionMetadata> functions, HttpEndpoint? http)
    {
        _channel = channel;
        _ids = functions.ToDictionary(function => function.Name, function => function.FunctionId);
        (Functions, _http) = (functions, http);
    }

    public IReadOnlyList<RpcFunctionMetadata> Functions { get; }

    public static async Task<LoadedWorker> LoadAsync(WorkerChannel channel, string appDirectory, TimeProvider clock, CancellationToken cancellationToken)
    {
        await channel.Opened.WaitAsync(cancellationToken);
        var init = (await channel.AskAsync(new() { WorkerInitRequest = Init(appDirectory) }, Kind.WorkerInitResponse, cancellationToken)).WorkerInitResponse;
        Check(init.Result, "The worker did not start");
        var question = new StreamingMessage { FunctionsMetadataRequest = new() { FunctionAppDirectory = appDirectory } };
        var metadata = (await channel.AskAsync(question, Kind.FunctionMetadataResponse, cancellationToken)).FunctionMetadataResponse;
        Check(metadata.Result, "The worker did not name its functions");
        foreach (var function in metadata.Results)
        {
            Check((await channel.LoadAsync(function, cancellationToken)).Result, $"The worker did not load {function.Name}");
        }

        return new(channel, metadata.Results, init.Capabilities.TryGetValue("HttpUri", out var http) ? new(new(http), clock) : null);
    }

    public Task<InvocationResponse> InvokeAsync(string function, InvocationRequest request, CancellationToken cancel)
    {
        request.FunctionId = _ids.TryGetValue(function, out var id)
            ? id
            : throw new FunctionsHostException($"The worker process that was started again has no function {function}; it was built anew meanwhile.");
        return _channel.InvokeAsync(request, cancel);
    }

    public async Task<Uri?> HttpAsync(CancellationToken cancellationToken) =>
        _http is null ? null : await _http.ListeningAsync(_channel.Closed).WaitAsync(cancellationToken);

    private static WorkerInitRequest Init(string appDirectory) => new()
    {
        HostVersion = "4.1037.0",
        WorkerDirectory = appDirectory,
        FunctionAppDirectory = appDirectory,
        Capabilities = { ["V2Compatable"] = "true", ["HandlesInvocationCancelMessage"] = "true" },
    };

    private static void Check(StatusResult? result, string otherwise)
    {
        if (result is { Status: not StatusResult.Types.Status.Success })
        {
            throw new FunctionsHostException($"{otherwise}: {result.Exception?.Message ?? "it does not say why"}");
        }
    }
}
