using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Requests;

namespace Ungroup.Functions.Http.Requests;

/// <summary>The way in for remove and contain.</summary>
public sealed class RequestRemoval(HttpIntake intake)
{
    [Function(nameof(RequestRemoval))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = RemovalLocation.Route)] HttpRequest request) =>
        intake.TakeAsync(RequestDoor.Removals, request);
}
