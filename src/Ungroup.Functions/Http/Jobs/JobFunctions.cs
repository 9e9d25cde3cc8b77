using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Functions.Http.Requests;
using Ungroup.Intake;

namespace Ungroup.Functions.Http.Jobs;

/// <summary>The way in for jobs.</summary>
public sealed class SubmitJob(JobDesk desk, HttpJobs jobs, SignIn signIn)
{
    [Function(nameof(SubmitJob))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = HttpJobs.Route)] HttpRequest request, CancellationToken cancellationToken) =>
        !request.HasJsonContentType()
            ? HttpAnswer.Of(new Problem(
                StatusCodes.Status415UnsupportedMediaType, "Unsupported content type", "Expected application/json, or application/cloudevents+json with the job as its data."))
            : await signIn.AsAnybodyAsync(request, caller => jobs.AnswerAsync(
                request, body => desk.SubmitAsync(body, caller, request.ContentType!, RequestBody.Beside(request), cancellationToken), JobDesk.LongestBody));
}

/// <summary>Jobs, the newest first.</summary>
public sealed class GetJobs(JobQuery query, HttpJobs jobs)
{
    /// <summary>The query may name a state and an account, how many a page has, and where it begins.</summary>
    [Function(nameof(GetJobs))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = HttpJobs.Route)] HttpRequest request, CancellationToken cancellationToken) =>
        jobs.AnswerAsync(request, () => query.ListAsync(request.Query["state"], HttpJobs.AccountIn(request), request.Query["limit"], request.Query["after"], cancellationToken));
}

/// <summary>The status of a job.</summary>
public sealed class GetJob(JobQuery query, HttpJobs jobs)
{
    [Function(nameof(GetJob))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = HttpJobs.OneRoute)] HttpRequest request, string jobId, CancellationToken cancellationToken) =>
        jobs.AnswerAsync(request, () => query.ReadAsync(jobId, HttpJobs.AccountIn(request), cancellationToken));
}

/// <summary>Stops a job: what is under way ends.</summary>
public sealed class CancelJob(JobDesk desk, HttpJobs jobs, SignIn signIn)
{
    [Function(nameof(CancelJob))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = HttpJobs.OneRoute + "/cancel")] HttpRequest request, string jobId, CancellationToken cancellationToken) =>
        signIn.AsAnybodyAsync(request, caller => jobs.ObeyAsync(request, jobId, caller, desk.CancelAsync, cancellationToken));
}

/// <summary>A new job of what failed or never started.</summary>
public sealed class RetryJob(JobDesk desk, HttpJobs jobs, SignIn signIn)
{
    [Function(nameof(RetryJob))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = HttpJobs.OneRoute + "/retry")] HttpRequest request, string jobId, CancellationToken cancellationToken) =>
        signIn.AsAnybodyAsync(request, caller => jobs.ObeyAsync(request, jobId, caller, desk.RetryAsync, cancellationToken));
}

/// <summary>A new job that undoes what was changed: a door of restores, with a key of its own, as <see cref="RequestRestore"/> is.</summary>
public sealed class RestoreJob(JobDesk desk, HttpJobs jobs, SignIn signIn)
{
    [Function(nameof(RestoreJob))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = HttpJobs.OneRoute + "/restore")] HttpRequest request, string jobId, CancellationToken cancellationToken) =>
        signIn.AsAnybodyAsync(request, caller => jobs.ObeyAsync(request, jobId, caller, desk.RestoreAsync, cancellationToken));
}
