using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ungroup.Sandbox.Ecs.Inspection;

namespace Ungroup.Sandbox.Ecs;

/// <summary>Everything under `/_sim` is about the simulator; everything else is for ECS.</summary>
internal sealed class FrontDoor(EcsGateway gateway, InspectionDesk desk) : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await (context.Request.Path.StartsWithSegments("/_sim", StringComparison.Ordinal)
                ? desk.AnswerAsync(context)
                : gateway.AnswerAsync(context));
        }
        catch (Exception defect) when (defect is not (OperationCanceledException or IOException) && !context.Response.HasStarted)
        {
            // There is no log to write to, and a bare 500 would look like a fault somebody asked for.
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync($"The simulator has a defect: {defect}", context.RequestAborted);
        }
    }
}
