using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Ungroup.Intake;
using Ungroup.Ledger;

namespace Ungroup.Functions.Http.Holds;

/// <summary>Answers that the doors of holds share.</summary>
public sealed partial class HttpHolds(ILogger<HttpHolds> logger)
{
    internal const string Route = "holds";

    internal async Task<IActionResult> AnswerAsync(HttpRequest request, Func<Task<ContentResult>> answerAsync)
    {
        try
        {
            return await answerAsync();
        }
        catch (LedgerUnavailableException away)
        {
            LogLedgerAway(away);
            return HttpAnswer.Away(request.HttpContext.Response, "The ledger does not answer. What was asked may have been done all the same: look at the holds in force.");
        }
    }

    internal ContentResult Put(HoldAnswer.Put put, HttpResponse response)
    {
        var json = put.ToJson();
        LogPut(json);
        response.Headers.Location = $"/api/{Route}/{put.Id}";
        return HttpAnswer.Of(StatusCodes.Status201Created, json);
    }

    internal ContentResult Lifted(HoldAnswer.Lifted lifted)
    {
        var json = lifted.ToJson();
        LogLifted(json);
        return HttpAnswer.Of(StatusCodes.Status200OK, json);
    }

    [LoggerMessage(658, LogLevel.Warning, "The ledger did not answer somebody who asked about holds.")]
    private partial void LogLedgerAway(Exception error);

    [LoggerMessage(659, LogLevel.Warning, "A hold was put over HTTP: {Hold}")]
    private partial void LogPut(string hold);

    [LoggerMessage(660, LogLevel.Warning, "A hold was lifted over HTTP: {Hold}")]
    private partial void LogLifted(string hold);
}
