using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Intake;
using Ungroup.Requests;

namespace Ungroup.Functions.Http.Jobs;

/// <summary>The result of each resource of a job.</summary>
public sealed class GetJobResults(JobQuery query, HttpJobs jobs)
{
    /// <summary><c>?format=csv</c> or <c>json</c>; where the query does not say, the header Accept does.</summary>
    [Function(nameof(GetJobResults))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = HttpJobs.OneRoute + "/results")] HttpRequest request, string jobId, CancellationToken cancellationToken) =>
        request.Query["format"].ToString() is "" or JobResultsAnswer.Table or JobResultsAnswer.Objects
            ? await jobs.AnswerAsync(request, () => query.ResultsAsync(jobId, HttpJobs.AccountIn(request), cancellationToken))
            : HttpAnswer.Invalid(new RequestProblem("format", "`format` was none that there is; expected csv or json."));
}
