using System.Globalization;
using Ungroup.Display;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>Answers questions about jobs from the ledger. Changes nothing.</summary>
public sealed class JobQuery
{
    /// <summary>The longest page of a list of jobs.</summary>
    public const int LongestPage = 200;

    private const int UsualPage = 50;

    private readonly JobStatusReader _jobs;
    private readonly KnownAccounts _accounts;

    internal JobQuery(JobStatusReader jobs, KnownAccounts accounts) => (_jobs, _accounts) = (jobs, accounts);

    /// <summary>The status of one job.</summary>
    /// <param name="jobId">Its name.</param>
    /// <param name="account">Its account; null or empty for the default one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<JobReply> ReadAsync(string? jobId, string? account, CancellationToken cancellationToken)
    {
        List<RequestProblem> problems = [];
        return JobNames.Read(jobId, account, _accounts, problems) is not { } key ? new JobReply.Invalid(problems)
            : await _jobs.ReadAsync(key, cancellationToken) is { } job ? new JobReply.Told(job)
            : Unknown(key);
    }

    /// <summary>Jobs, the newest first, a page at a time. A page may be short, or empty, and still name the next.</summary>
    /// <param name="state">Only those in this state; null for any.</param>
    /// <param name="account">Only those of this account; null for any.</param>
    /// <param name="limit">The most that a page has, 1 to <see cref="LongestPage"/>; null for 50.</param>
    /// <param name="after">Where the last page said that the next begins; null for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<JobReply> ListAsync(string? state, string? account, string? limit, string? after, CancellationToken cancellationToken)
    {
        List<RequestProblem> problems = [];
        var (only, atMost) = (State(state, problems), Limit(limit, problems));
        if (!string.IsNullOrEmpty(account) && !_accounts.Contains(account))
        {
            problems.Add(_accounts.NotConfigured(account));
        }

        if (!string.IsNullOrEmpty(after) && !JobIndex.IsPlace(after))
        {
            problems.Add(new("after", $"`after` was {Shown.Quoted(after)}; expected `next` of the page before, as it was."));
        }

        return problems.Count > 0
            ? new JobReply.Invalid(problems)
            : new JobReply.Listed(await _jobs.ReadPageAsync(new(only, NullIfEmpty(account)), NullIfEmpty(after), atMost, cancellationToken));
    }

    /// <summary>The result of each resource of a job.</summary>
    /// <param name="jobId">Its name.</param>
    /// <param name="account">Its account; null or empty for the default one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<JobReply> ResultsAsync(string? jobId, string? account, CancellationToken cancellationToken)
    {
        List<RequestProblem> problems = [];
        return JobNames.Read(jobId, account, _accounts, problems) is not { } key ? new JobReply.Invalid(problems)
            : await _jobs.ReadHeadAsync(key, cancellationToken) is { } job ? new JobReply.Found(new(job, _jobs))
            : Unknown(key);
    }

    private static JobReply.Unknown Unknown(JobKey key) =>
        new($"The ledger knows no job {key.JobId} of account {key.Account}: nobody has asked for it, it was rejected, or it ended too long ago.");

    private static JobState? State(string? text, List<RequestProblem> problems)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (Array.Find(Enum.GetValues<JobState>(), state => state.ToString().Equals(text, StringComparison.OrdinalIgnoreCase)) is var found
            && found.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
        {
            return found;
        }

        var names = Enum.GetNames<JobState>();
        problems.Add(new(
            "state", $"`state` was {Shown.Quoted(text)}; " + (Nearest.To(text, names) is { } meant ? $"did you mean {meant}?" : $"expected one of {string.Join(", ", names)}.")));
        return null;
    }

    private static int Limit(string? text, List<RequestProblem> problems)
    {
        if (string.IsNullOrEmpty(text))
        {
            return UsualPage;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LongestPage)
        {
            return limit;
        }

        problems.Add(new("limit", $"`limit` was {Shown.Quoted(text)}; expected a whole number, 1 to {LongestPage}."));
        return UsualPage;
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
