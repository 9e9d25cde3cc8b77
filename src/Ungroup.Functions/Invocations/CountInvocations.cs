using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Ungroup.Functions.Invocations;

internal sealed class CountInvocations(Drain drain) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        drain.Began();
        try
        {
            await next(context);
        }
        finally
        {
            drain.Ended();
        }
    }
}
