using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Jobs;

/// <summary>The status of a job, as it is told to whoever asks. The contract is in <c>docs/jobs.md</c>.</summary>
internal sealed record JobView
{
    private static readonly JobViewJson Json = new(new JsonSerializerOptions(JobViewJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public required string JobId { get; init; }

    public required string Account { get; init; }

    public RequestAction Action { get; init; }

    /// <summary>The job that this one retries or restores; null of a job that somebody has written.</summary>
    public string? MadeFrom { get; init; }

    /// <summary>A restore that goes on although others have changed the membership; null of every other job.</summary>
    public bool? Force { get; init; }

    public string? SecurityGroupId { get; init; }

    public string? IsolationGroupId { get; init; }

    public bool DryRun { get; init; }

    public string? RequestedBy { get; init; }

    public string? Reason { get; init; }

    public required JobState State { get; init; }

    public JobEnd? EndedAs { get; init; }

    /// <summary>For a person, where the state and the counts do not say it all: why it ended so, or what its requests wait for.</summary>
    public string? Sentence { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Before which nothing happens, as it was asked.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? PlannedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it ends with whatever is not done by then.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The hash of the plan, <c>sha256:…</c>; null before there is one.</summary>
    public string? Plan { get; init; }

    public int? MaxFailures { get; init; }

    /// <summary><c>total</c>, <c>open</c>, <c>notStarted</c>, and the outcomes by status.</summary>
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    public required IReadOnlyList<FailureKind> Failures { get; init; }

    public IReadOnlyList<LeftOut>? LeftOut { get; init; }

    /// <summary>Things that somebody should know about the plan, a sentence each; null where there is nothing.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    public Approval? Approval { get; init; }

    public Decision? Cancelled { get; init; }

    /// <summary>When it is done if it goes on as it has; null where nobody can tell.</summary>
    public DateTimeOffset? Eta { get; init; }

    /// <param name="job">As it was read.</param>
    /// <param name="open">The open portion as it is known; null where none is open, or nobody has looked.</param>
    /// <param name="now">Now.</param>
    public static JobView Of(JobHead job, PortionView? open, DateTimeOffset now) => new()
    {
        JobId = job.Request.JobId,
        Account = job.Request.Account,
        Action = job.Request.Action,
        MadeFrom = job.Request.MadeFrom,
        Force = job.Request.Force,
        SecurityGroupId = job.Request.SecurityGroup?.Value,
        IsolationGroupId = job.Request.IsolationGroup?.Value,
        DryRun = job.Request.DryRun,
        RequestedBy = job.Request.RequestedBy,
        Reason = job.Request.Reason,
        State = job.State,
        EndedAs = job.State == JobState.Ended ? job.EndedAs : null,
        Sentence = job.State == JobState.Ended ? JobSentences.Ended(job) : JobSentences.Waiting(open),
        CreatedAt = job.CreatedAt,
        NotBefore = job.Request.NotBefore,
        PlannedAt = job.Plan?.PlannedAt,
        EndedAt = job.EndedAt,
        ExpiresAt = job.State == JobState.Ended ? null : JobStep.ExpiryOf(job),
        Plan = job.Plan?.Hash,
        MaxFailures = job.Plan?.MaxFailures,
        Counts = CountsOf(job, open),
        Failures = (open is null ? job.Counts : job.Counts.With(open.Counts)).Kinds,
        LeftOut = job.Plan?.LeftOut,
        Warnings = job.Plan?.Warnings,
        Approval = job.Approval,
        Cancelled = job.Cancel,
        Eta = EtaOf(job, open, now),
    };

    /// <summary>Each resource of the plan is counted once.</summary>
    public static IReadOnlyDictionary<string, int> CountsOf(JobHead job, PortionView? open)
    {
        var counts = new Dictionary<string, int>
        {
            ["total"] = job.Plan?.Count ?? 0,
            ["open"] = open?.Running ?? job.Open?.Count ?? 0,
            ["notStarted"] = job.NotStarted,
        };
        foreach (var (status, count) in (open is null ? job.Counts : job.Counts.With(open.Counts)).ByStatus)
        {
            counts[status] = count;
        }

        return counts;
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json.JobView);

    internal static string ToJson(JobViews page) => JsonSerializer.Serialize(page, Json.JobViews);

    private static DateTimeOffset? EtaOf(JobHead job, PortionView? open, DateTimeOffset now)
    {
        var done = job.Counts.Total + (open?.Counts.Total ?? 0);
        return job is { State: JobState.Running, Plan: { } plan } && (job.Approval?.Decision.At ?? plan.PlannedAt) is var began && now > began && done >= Math.Min(10, plan.Count)
            ? now + ((now - began) / Math.Max(1, done) * (plan.Count - done))
            : null;
    }
}

/// <param name="Jobs">The newest first.</param>
/// <param name="Next">Where the next page begins; null where there is none.</param>
internal sealed record JobViews(IReadOnlyList<JobView> Jobs, string? Next = null)
{
    public string ToJson() => JobView.ToJson(this);
}

/// <summary>The result of one resource of a plan.</summary>
/// <param name="Resource">An <c>i-…</c> or an <c>eni-…</c>.</param>
/// <param name="RequestId">The key of its request, whether it was made or not.</param>
/// <param name="Status">The outcome's; <c>open</c> while it has not ended, <c>notStarted</c> where it was not issued, or not yet.</param>
/// <param name="Code">The outcome's; null where there is none.</param>
/// <param name="Sentence">The outcome's; null where there is none yet.</param>
/// <param name="Groups">Those it was in when the plan was made; null where ECS did not list it.</param>
internal sealed record ResourceResult(string Resource, string RequestId, string Status, string? Code = null, string? Sentence = null, IReadOnlyList<string>? Groups = null)
{
    public const string Open = "open";
    public const string NotStarted = "notStarted";

    /// <summary>It failed, or was never issued.</summary>
    [JsonIgnore]
    public bool IsUndone => Status == NotStarted || ChildResult.IsFailed(Status);

    /// <summary>A restore that may restore it when it is asked for again, or by force.</summary>
    [JsonIgnore]
    public bool IsUnrestored => IsUndone || (Status == nameof(OutcomeStatus.Refused) && Code != "NothingToRestore");

    public static ResourceResult Of(JobRequest job, PlanItem item, string status) => new(item.Resource, JobRequest.ChildId(job.JobId, item.Resource), status, Groups: item.Groups);

    public static ResourceResult Of(JobRequest job, PlanItem item, ChildResult ended) => Of(job, item, ended.Status) with { Code = ended.Code, Sentence = ended.Sentence };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobView))]
[JsonSerializable(typeof(JobViews))]
internal sealed partial class JobViewJson : JsonSerializerContext;
