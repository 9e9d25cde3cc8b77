using System.ComponentModel;
using System.Text.Json.Serialization;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Requests;

namespace Ungroup.Jobs.Driving;

/// <summary>The event about a job: that it is planned, that somebody has to approve it, how it ended.</summary>
internal static class JobEvent
{
    /// <summary>The same event, with the same id, however often it is made of the same job.</summary>
    public static OutcomeEvent Of(JobHead job, JobEvents which)
    {
        var (key, name) = (job.Request.Key, which.ToString());
        var id = OutcomeIds.Hash($"{key.Account}\njob\n{key.JobId}\n{name}");
        return new EventEnvelope<JobEventData>
        {
            Id = id,
            Type = $"ungroup.job.{name}.v1",
            Subject = OutcomeEventWriter.JobSubject(key.JobId),
            Time = (which == JobEvents.Ended ? job.EndedAt : job.Plan?.PlannedAt) ?? job.CreatedAt,
            Data = JobEventData.Of(job, which),
        }.ToEvent(JobEventJson.Default.Event);
    }
}

internal sealed record JobEventData
{
    [Description("Planned, AwaitingApproval, or how the job ended: Completed, Stopped, Cancelled, Expired, Rejected or Failed.")]
    public required string Status { get; init; }

    [Description("For a person.")]
    public required string Sentence { get; init; }

    public required string JobId { get; init; }

    public required string Account { get; init; }

    public RequestAction Action { get; init; }

    [Description("The job that this one retries or restores.")]
    public string? MadeFrom { get; init; }

    [Description("A restore that goes on although others have changed the membership.")]
    public bool? Force { get; init; }

    public string? SecurityGroupId { get; init; }

    public string? IsolationGroupId { get; init; }

    public Origin Origin { get; init; }

    public string? RequestedBy { get; init; }

    public string? Reason { get; init; }

    public bool DryRun { get; init; }

    [Description("The hash of the plan, which an approval names.")]
    public string? Plan { get; init; }

    public DateTimeOffset? PlannedAt { get; init; }

    [Description("When the job ends with whatever is not done by then.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("total, open, notStarted, and the outcomes by status.")]
    public required IReadOnlyDictionary<string, int> Counts { get; init; }

    [Description("The first twenty requests that failed.")]
    public IReadOnlyList<ChildResult>? Failures { get; init; }

    [Description("Members of the group that fit and are not in the plan, with why; the first hundred.")]
    public IReadOnlyList<LeftOut>? LeftOut { get; init; }

    [Description("What somebody should know about the plan before it is done.")]
    public IReadOnlyList<string>? Warnings { get; init; }

    public Decision? Cancelled { get; init; }

    public Approval? Approval { get; init; }

    public static JobEventData Of(JobHead job, JobEvents which)
    {
        var isEnd = which == JobEvents.Ended;
        return new()
        {
            Status = isEnd ? job.EndedAs!.Value.ToString() : which.ToString(),
            Sentence = isEnd ? JobSentences.Ended(job) : JobSentences.Planned(job, which),
            JobId = job.Request.JobId,
            Account = job.Request.Account,
            Action = job.Request.Action,
            MadeFrom = job.Request.MadeFrom,
            Force = job.Request.Force,
            SecurityGroupId = job.Request.SecurityGroup?.Value,
            IsolationGroupId = job.Request.IsolationGroup?.Value,
            Origin = job.Request.Origin,
            RequestedBy = job.Request.RequestedBy,
            Reason = job.Request.Reason,
            DryRun = job.Request.DryRun,
            Plan = job.Plan?.Hash,
            PlannedAt = job.Plan?.PlannedAt,
            ExpiresAt = isEnd ? null : job.IsForApproval ? JobStep.ApprovalExpiryOf(job) : job.Request.ExpiresAt,
            Counts = isEnd ? JobView.CountsOf(job, null) : new Dictionary<string, int> { ["total"] = job.Plan!.Count },
            Failures = isEnd && job.Counts.FirstFailures.Count > 0 ? job.Counts.FirstFailures : null,
            LeftOut = isEnd ? null : job.Plan?.LeftOut,
            Warnings = isEnd ? null : job.Plan?.Warnings,
            Cancelled = isEnd ? job.Cancel : null,
            Approval = isEnd ? job.Approval : null,
        };
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EventEnvelope<JobEventData>), TypeInfoPropertyName = "Event")]
internal sealed partial class JobEventJson : JsonSerializerContext;
