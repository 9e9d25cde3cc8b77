using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace Ungroup.Functions;

/// <summary>
/// Says to which invocation a log line belongs: the Functions host drops lines that do not tell. The worker's own scope loses
/// that with OpenTelemetry (azure-functions-dotnet-worker, issues 3487 and 3489).
/// </summary>
internal sealed class InvocationLogScope(ILogger<InvocationLogScope> logger) : IFunctionsWorkerMiddleware
{
    /// <summary>The name by which the worker looks for the invocation in the scopes of a line.</summary>
    public const string Key = "AzureFunctions_InvocationId";

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        using (logger.BeginScope(new Dictionary<string, object>(StringComparer.Ordinal) { [Key] = context.InvocationId }))
        {
            await next(context);
        }
    }
}
