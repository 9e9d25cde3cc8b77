using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Ungroup.Intake;

namespace Ungroup.Functions.Http.Jobs;

/// <summary>
/// Approves or rejects the plan of a job: a function of its own has a key of its own, so that who asks for a job is not who approves it.
/// Where the platform authenticates, it takes a person who has the role for it as well.
/// </summary>
public sealed class ApproveJob(JobDesk desk, HttpJobs jobs, SignIn signIn)
{
    [Function(nameof(ApproveJob))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = HttpJobs.OneRoute + "/approval")] HttpRequest request, string jobId, CancellationToken cancellationToken) =>
        signIn.AsApproverAsync(request, caller => jobs.ObeyAsync(request, jobId, caller, desk.DecideAsync, cancellationToken));
}
