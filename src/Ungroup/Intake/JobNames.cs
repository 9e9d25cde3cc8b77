using Ungroup.Jobs;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>Reads which job somebody means.</summary>
internal static class JobNames
{
    /// <param name="jobId">As it was given.</param>
    /// <param name="account">As it was given; null or empty for the default one.</param>
    /// <param name="accounts">Those there are.</param>
    /// <param name="problems">Says why there is none.</param>
    public static JobKey? Read(string? jobId, string? account, KnownAccounts accounts, List<RequestProblem> problems)
    {
        account = string.IsNullOrEmpty(account) ? KnownAccounts.DefaultName : account;
        if (!JobMembers.IsJobId(jobId))
        {
            problems.Add(new("jobId", $"`jobId` was {Shown.Quoted(jobId ?? "")}; expected {JobMembers.ExpectedJobId}."));
        }

        if (!accounts.Contains(account))
        {
            problems.Add(accounts.NotConfigured(account));
        }

        return problems.Count > 0 ? null : new(account, jobId!);
    }
}
