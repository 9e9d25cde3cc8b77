using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Ungroup.Sandbox.Ecs.Identity;
using Ungroup.Sandbox.Ecs.Inspection;
using Ungroup.Sandbox.Ecs.Sts;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs;

/// <summary>Everything under `/_sim` is about the simulator; the rest is for the identity endpoint, for STS or for ECS.</summary>
internal sealed class FrontDoor(EcsGateway ecs, StsGateway sts, IdentityDesk identity, InspectionDesk desk, CancellationToken stopping)
    : IHttpApplication<HttpContext>
{
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        try
        {
            await (context.Request.Path.StartsWithSegments("/_sim", StringComparison.Ordinal) ? desk.AnswerAsync(context)
                : context.Request.Path == IdentityDesk.Path ? identity.AnswerAsync(context, stopping)
                : AnswerAsync(context));
        }
        catch (Exception defect) when (defect is not (OperationCanceledException or IOException) && !context.Response.HasStarted)
        {
            // There is no log to write to, and a bare 500 would look like a fault somebody asked for.
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            context.Response.ContentType = "text/plain";
            await context.Response.WriteAsync($"The simulator has a defect: {defect}", context.RequestAborted);
        }
    }

    // The two have hosts of their own in the real world; here the version of the API tells them apart.
    private async Task AnswerAsync(HttpContext context)
    {
        var request = await WireRequest.ReadAsync(context.Request, stopping);
        await (request.Version == StsGateway.Version ? sts.AnswerAsync(context, request, stopping) : ecs.AnswerAsync(context, request));
    }
}
