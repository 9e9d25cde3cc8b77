using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Ungroup.Functions.Invocations;

/// <summary>
/// Adds to a log line its invocation, without which the Functions host drops it. The worker's own scope loses it with OpenTelemetry
/// (azure-functions-dotnet-worker, issues 3487 and 3489).
/// </summary>
internal sealed class InvocationLogScope(ILogger<InvocationLogScope> logger) : IFunctionsWorkerMiddleware
{
    /// <summary>The worker looks for the invocation under this name.</summary>
    public const string Key = "AzureFunctions_InvocationId";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        using (logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { [Key] = context.InvocationId }))
        {
            await next(context);
        }
    }
}
