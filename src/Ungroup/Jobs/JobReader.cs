using System.Text.Json;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Jobs;

/// <summary>Turns a body into a job, or says everything that is wrong with it. Never throws for what a sender wrote.</summary>
internal sealed class JobReader(KnownAccounts accounts)
{
    /// <summary>The longest body, in bytes, where it does not come over a queue.</summary>
    public const int LongestBody = 1024 * 1024;

    public const int MostResources = 10_000;

    // A sender who has written one of them into a query or a property must not find the job done without it. What a request has too is looked for elsewhere.
    private static readonly HashSet<string> OfJobsAlone = new(["resources", "select", "most", "stopIfMoreThan", "maxFailures", "approval"], StringComparer.OrdinalIgnoreCase);

    /// <param name="delivery">The body and what came beside it.</param>
    /// <param name="longest">The longest body of that door, in bytes.</param>
    public ParsedJob Read(Delivery delivery, int longest)
    {
        var problems = new List<RequestProblem>();
        return RequestReader.Open(delivery, RequestDoor.Queue, longest, problems, members => Read(members, delivery, problems))
            ?? new ParsedJob.Invalid(null, KnownAccounts.DefaultName, problems);
    }

    private ParsedJob Read(Dictionary<string, JsonElement> members, Delivery delivery, List<RequestProblem> problems)
    {
        problems.AddRange(delivery.Properties.Keys.Where(name => OfJobsAlone.Contains(name)).Select(name => new RequestProblem(
            JsonMembers.MeantBy(name, OfJobsAlone)!, $"`{Shown.Text(name)}` stood beside the body, where nothing of a job is read; expected it in the body, as a member of the job.")));
        var place = new RequestMembers(members, accounts, problems);
        var account = place.Account();
        if (problems.Count > 0 && members.Count == 0)
        {
            return new ParsedJob.Invalid(null, account, problems);
        }

        return new JobMembers(members, place, problems).Read(account, delivery.EnqueuedAt);
    }
}

/// <summary>The result of reading a job: the job, or the reasons why not.</summary>
internal abstract record ParsedJob
{
    private ParsedJob()
    {
    }

    public sealed record Accepted(JobRequest Job) : ParsedJob;

    /// <param name="JobId">The name the sender gave, where it could be read; null otherwise.</param>
    /// <param name="Account">The account the sender named, where it could be read; otherwise the default one.</param>
    /// <param name="Problems">At least one.</param>
    public sealed record Invalid(string? JobId, string Account, IReadOnlyList<RequestProblem> Problems) : ParsedJob;
}
