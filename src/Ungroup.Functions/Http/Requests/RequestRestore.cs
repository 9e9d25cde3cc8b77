using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Requests;

namespace Ungroup.Functions.Http.Requests;

/// <summary>The way in for restore: a function of its own has a key of its own, so that who contains a host need not be who lets it out.</summary>
public sealed class RequestRestore(HttpIntake intake)
{
    private const string Route = "restores";

    [Function(nameof(RequestRestore))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Route)] HttpRequest request) =>
        intake.TakeAsync(RequestDoor.Restores, request);
}
