using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Ungroup.Functions.Invocations;
using Ungroup.Intake;
using Ungroup.Ledger;

namespace Ungroup.Functions.Http.Requests;

public sealed partial class GetRemoval(StatusWait statuses, Drain drain, ILogger<GetRemoval> logger)
{
    /// <summary>A key may have slashes, so <paramref name="requestId"/> is the rest of the path. The query may name an account, and for how many seconds to wait.</summary>
    [Function(nameof(GetRemoval))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = RemovalLocation.Route + "/{*requestId}")] HttpRequest request,
        string? requestId,
        CancellationToken cancellationToken)
    {
        try
        {
            return await statuses.ReadAsync(
                RemovalLocation.RequestIdIn(requestId), request.Query["account"], request.Query["wait"], drain.Ending, cancellationToken) switch
            {
                StatusReading.Known known => HttpAnswer.Of(StatusCodes.Status200OK, known.ToJson()),
                StatusReading.Unknown { Sentence: var sentence } => HttpAnswer.Of(new Problem(StatusCodes.Status404NotFound, "Unknown request", sentence)),
                StatusReading.Invalid { Problem: var problem } => HttpAnswer.Invalid(problem),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (LedgerUnavailableException away)
        {
            LogLedgerAway(away);
            return HttpAnswer.Away(request.HttpContext.Response, "The ledger does not answer; nothing is known about the request for now.");
        }
    }

    [LoggerMessage(655, LogLevel.Warning, "The ledger did not answer somebody who asked for the status of a request.")]
    private partial void LogLedgerAway(Exception error);
}
