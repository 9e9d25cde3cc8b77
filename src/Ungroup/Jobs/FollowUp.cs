using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ungroup.Requests;

namespace Ungroup.Jobs;

/// <summary>A job that is made from one that has ended: of what failed or never started, or to undo what it changed.</summary>
internal static class FollowUp
{
    private const string Retry = ":retry-";
    private const string Restore = ":restore-";
    private const int LongestJobId = 64;
    private const int LongestRequestId = 128;
    private const int DigitsOfHash = 8;

    /// <summary>Asks once more for all that failed or never started.</summary>
    /// <param name="ended">The job.</param>
    /// <param name="resources">Those that failed or never started, by id; null where the job has no plan and selects anew.</param>
    /// <param name="now">Now.</param>
    public static JobRequest Retrying(JobRequest ended, IReadOnlyList<string>? resources, DateTimeOffset now)
    {
        var again = ended with
        {
            MadeFrom = ended.JobId,
            JobId = NameOf(ended, Retry, resources ?? []),
            NotBefore = null,
            ExpiresAt = ended.ExpiresAt > now ? ended.ExpiresAt : null,
        };
        return resources is null ? again : again with { Resources = resources, Select = null, Most = null, StopIfMoreThan = null };
    }

    /// <summary>Undoes each change. Of a job that restores, the resources that it did not restore are tried again.</summary>
    /// <param name="ended">The job.</param>
    /// <param name="resources">Those to restore, by id.</param>
    /// <param name="force">Although others have changed the membership since.</param>
    public static JobRequest Restoring(JobRequest ended, IReadOnlyList<string> resources, bool force) => new()
    {
        JobId = NameOf(ended, Restore, resources),
        Account = ended.Account,
        Action = RequestAction.Restore,
        MadeFrom = ended.JobId,
        Of = ended.Of ?? ended.JobId,
        Force = force ? true : null,
        RegionId = ended.RegionId,
        Origin = ended.Origin,
        RequestedBy = ended.RequestedBy,
        Reason = ended.Reason,
        Resources = resources,
    };

    /// <summary>The same however often it is asked for, and another for what follows on a retry or a restore itself.</summary>
    private static string NameOf(JobRequest ended, string kind, IReadOnlyList<string> resources)
    {
        var (first, number) = ended.MadeFrom is not null && ended.JobId.LastIndexOf(kind, StringComparison.Ordinal) is var at and > 0
            && int.TryParse(ended.JobId.AsSpan(at + kind.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                ? (ended.JobId[..at], last + 1)
                : (ended.JobId, 1);
        var suffix = kind + number.ToString(CultureInfo.InvariantCulture);
        var longest = Math.Min(LongestJobId, LongestRequestId - 1 - resources.Select(id => id.Length).DefaultIfEmpty(0).Max()) - suffix.Length;
        return (first.Length <= longest ? first : first[..(longest - DigitsOfHash - 1)] + "." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first)))[..DigitsOfHash]) + suffix;
    }
}
