using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using Ungroup.Intake;
using Ungroup.Ledger;

namespace Ungroup.Functions.Http.Jobs;

/// <summary>Answers that the doors of jobs share.</summary>
public sealed partial class HttpJobs(ILogger<HttpJobs> logger)
{
    internal const string Route = "jobs";
    internal const string OneRoute = Route + "/{jobId}";

    private const string OwnJob = "OwnJob";

    internal static string? AccountIn(HttpRequest request) => request.Query["account"];

    /// <summary>An order about one job: its body may be short, and its account is in the query.</summary>
    /// <param name="request">The order.</param>
    /// <param name="jobId">The job.</param>
    /// <param name="caller">Stands at the door.</param>
    /// <param name="obeyAsync">The desk's: job, account, order and caller.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal Task<IActionResult> ObeyAsync(
        HttpRequest request, string jobId, JobCaller caller,
        Func<string?, string?, ReadOnlyMemory<byte>, JobCaller, CancellationToken, Task<JobReply>> obeyAsync, CancellationToken cancellationToken) =>
        AnswerAsync(request, body => obeyAsync(jobId, AccountIn(request), body, caller, cancellationToken), JobDesk.LongestOrder);

    /// <param name="request">The request.</param>
    /// <param name="replyAsync">Asks the desk, with the body.</param>
    /// <param name="longest">The longest body, in bytes.</param>
    internal async Task<IActionResult> AnswerAsync(HttpRequest request, Func<ReadOnlyMemory<byte>, Task<JobReply>> replyAsync, int longest)
    {
        var body = await RequestBody.ReadAsync(request, longest);
        return body.Length > longest
            ? HttpAnswer.TooLarge(longest)
            : await AnswerAsync(request, () => replyAsync(body));
    }

    internal async Task<IActionResult> AnswerAsync(HttpRequest request, Func<Task<JobReply>> replyAsync)
    {
        try
        {
            return Answer(await replyAsync(), request);
        }
        catch (LedgerUnavailableException away)
        {
            LogLedgerAway(away);
            return HttpAnswer.Away(request.HttpContext.Response, LedgerAway);
        }
    }

    internal const string LedgerAway = "The ledger does not answer. What was asked may have been done all the same; ask again, which does nothing twice.";

    private IActionResult Answer(JobReply reply, HttpRequest request)
    {
        var response = request.HttpContext.Response;
        switch (reply)
        {
            case JobReply.Taken taken:
                LogTaken(taken.JobId, taken.Account, taken.IsNew);
                response.Headers.Location = LocationOf(taken.JobId, taken.Account);
                return HttpAnswer.Of(StatusCodes.Status202Accepted, taken.ToJson());

            case JobReply.Told told when request.Method == HttpMethods.Post:
                var json = told.ToJson();
                LogDecided(json);
                return HttpAnswer.Of(StatusCodes.Status200OK, json);

            case JobReply.Told told:
                return HttpAnswer.Of(StatusCodes.Status200OK, told.ToJson());

            case JobReply.Listed listed:
                return HttpAnswer.Of(StatusCodes.Status200OK, listed.ToJson());

            case JobReply.Unconfirmed unconfirmed:
                response.Headers.Location = LocationOf(unconfirmed.JobId, unconfirmed.Account);
                return HttpAnswer.Away(response, unconfirmed.Sentence);

            case JobReply.Unknown unknown:
                return HttpAnswer.Of(new Problem(StatusCodes.Status404NotFound, "Unknown job", unknown.Sentence));

            case JobReply.Refused { Code: OwnJob } refused:
                return HttpAnswer.Of(new Problem(StatusCodes.Status403Forbidden, "Not allowed", refused.Sentence) { Code = refused.Code });

            case JobReply.Refused refused:
                return HttpAnswer.Of(new Problem(StatusCodes.Status409Conflict, "Not as the job is", refused.Sentence) { Code = refused.Code });

            case JobReply.Invalid invalid:
                return HttpAnswer.Of(new Problem(StatusCodes.Status400BadRequest, "Invalid request", "Nothing was done; every problem names the member to change.") { Problems = invalid.Problems });

            case JobReply.Found found:
                return new JobResultsAnswer(found.Results, this);

            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static string LocationOf(string jobId, string account) => Location.Of(Route, jobId, account == "default" ? null : account);

    [LoggerMessage(662, LogLevel.Warning, "The ledger did not answer somebody who asked for a job or about one.")]
    internal partial void LogLedgerAway(Exception error);

    [LoggerMessage(663, LogLevel.Information, "Job {JobId} of account {Account} came over HTTP (new: {IsNew}).")]
    private partial void LogTaken(string jobId, string account, bool isNew);

    [LoggerMessage(664, LogLevel.Warning, "Something was decided about a job over HTTP: {Job}")]
    private partial void LogDecided(string job);
}
