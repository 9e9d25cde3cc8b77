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
        MisplacedMembers.Check(delivery.Properties, members, JobMembers.Names.Except(RequestMembers.Names), "job", problems);
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
