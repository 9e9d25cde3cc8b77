using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Intake;

namespace Ungroup.Functions.Http.Holds;

/// <summary>The holds in force.</summary>
public sealed class GetHolds(HoldDesk desk, HttpHolds holds)
{
    [Function(nameof(GetHolds))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = HttpHolds.Route)] HttpRequest request, CancellationToken cancellationToken) =>
        holds.AnswerAsync(request, async () => HttpAnswer.Of(StatusCodes.Status200OK, await desk.ListAsync(cancellationToken)));
}

/// <summary>Puts a hold: a function of its own has a key of its own.</summary>
public sealed class PutHold(HoldDesk desk, HttpHolds holds)
{
    // A key gives no identity: who it is, is what the order says.
    private const string Nobody = "somebody over HTTP";

    [Function(nameof(PutHold))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = HttpHolds.Route)] HttpRequest request, CancellationToken cancellationToken) =>
        holds.AnswerAsync(request, async () =>
        {
            var body = await RequestBody.ReadAsync(request, HoldDesk.LongestBody);
            return body.Length > HoldDesk.LongestBody
                ? HttpAnswer.TooLarge(HoldDesk.LongestBody)
                : await desk.PutAsync(body, Nobody, cancellationToken) switch
                {
                    HoldAnswer.Put put => holds.Put(put, request.HttpContext.Response),
                    HoldAnswer.Invalid { Problems: var problems } => HttpAnswer.Of(
                        new Problem(StatusCodes.Status400BadRequest, "Invalid hold", "Nothing is held; every problem names the member to change.") { Problems = problems }),
                    _ => throw new System.Diagnostics.UnreachableException(),
                };
        });
}

/// <summary>Lifts a hold.</summary>
public sealed class LiftHold(HoldDesk desk, HttpHolds holds)
{
    [Function(nameof(LiftHold))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = HttpHolds.Route + "/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        holds.AnswerAsync(request, async () => await desk.LiftAsync(id, cancellationToken) switch
        {
            HoldAnswer.Lifted lifted => holds.Lifted(lifted),
            HoldAnswer.Unknown { Sentence: var sentence } => HttpAnswer.Of(new Problem(StatusCodes.Status404NotFound, "Unknown hold", sentence)),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
}
