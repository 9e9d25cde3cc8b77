using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Ungroup.Intake;
using Ungroup.Ledger;

namespace Ungroup.Functions.Http.Jobs;

/// <summary>The results of a job, written out as they are read, so that ten thousand need no more memory than a hundred.</summary>
internal sealed class JobResultsAnswer(JobResults results, HttpJobs jobs) : IActionResult
{
    public const string Table = "csv";
    public const string Objects = "json";

    private const string TableType = "text/csv";

    public async Task ExecuteResultAsync(ActionContext context)
    {
        var (http, response) = (context.HttpContext, context.HttpContext.Response);
        var isTable = IsTable(http.Request);
        response.ContentType = isTable ? $"{TableType}; charset=utf-8" : "application/json";
        response.Headers.XContentTypeOptions = "nosniff";
        if (isTable)
        {
            response.Headers.ContentDisposition = $"attachment; filename=\"{results.JobId.Replace(':', '_')}.csv\"";
        }

        try
        {
            await (isTable ? results.WriteCsvAsync(response.Body, http.RequestAborted) : results.WriteJsonAsync(response.Body, http.RequestAborted));
        }
        catch (LedgerUnavailableException away)
        {
            jobs.LogLedgerAway(away);
            await BreakOffAsync(context);
        }
    }

    // An answer that has begun with a 200 and is cut off must not look like a short list.
    private static Task BreakOffAsync(ActionContext context)
    {
        var response = context.HttpContext.Response;
        if (response.HasStarted)
        {
            context.HttpContext.Abort();
            return Task.CompletedTask;
        }

        response.Clear();
        return HttpAnswer.Away(response, HttpJobs.LedgerAway).ExecuteResultAsync(context);
    }

    private static bool IsTable(HttpRequest request) => request.Query["format"].ToString() is { Length: > 0 } format
        ? format == Table
        : request.GetTypedHeaders().Accept.Any(type => type.MediaType == TableType);
}
