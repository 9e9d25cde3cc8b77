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
        if (jobId is not { Length: > 0 and <= 64 } || jobId.AsSpan().ContainsAnyExcept(JobMembers.OfJobIds))
        {
            problems.Add(new("jobId", $"`jobId` was {Shown.Quoted(jobId ?? "")}; expected 1–64 of A-Z a-z 0-9 . _ : -."));
        }

        if (!accounts.Contains(account))
        {
            problems.Add(accounts.NotConfigured(account));
        }

        return problems.Count > 0 ? null : new(account, jobId!);
    }
}
