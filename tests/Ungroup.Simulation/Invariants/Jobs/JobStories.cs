using Ungroup.Jobs;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

/// <summary>Each job as it is known, line by line.</summary>
internal sealed class JobStories
{
    private readonly Dictionary<JobKey, JobStory> _jobs = [];

    public IEnumerable<JobStory> All => _jobs.Values;

    /// <summary>The first line that breaks something, where there are jobs at all. It is asked before the line is taken.</summary>
    public static Line? FirstOf(IReadOnlyList<Line> lines, Func<JobStories, Line, bool> breaks)
    {
        if (!lines.Any(line => line.What is Happening.JobAsked))
        {
            return null;
        }

        var stories = new JobStories();
        foreach (var line in lines)
        {
            if (breaks(stories, line))
            {
                return line;
            }

            stories.Take(line);
        }

        return null;
    }

    public JobStory this[JobKey key] => _jobs.TryGetValue(key, out var job) ? job : _jobs[key] = new();

    /// <summary>The job whose request it is by its name; null where there is none. Whether it truly is, its record says.</summary>
    public JobStory? Of(LedgerKey? key) => key is not null && JobIn(key) is { } job && _jobs.TryGetValue(job, out var story) && story.Head is not null ? story : null;

    /// <summary>Of the job itself, of the group that it is about, or of the job that it tries once more. What somebody has approved may be undone.</summary>
    public bool NeedsApproval(JobRequest job) => job.Action != RequestAction.Restore
        && (job.Approval == JobApprovalRule.Required || job.SecurityGroup?.Value == Simulation.Plan.Ids.ApprovalGroup || (job.MadeFrom is { } first && NeedsApproval(this[new(job.Account, first)].Head!.Request)));

    private static JobKey? JobIn(LedgerKey key) => key.RequestId.Split('/', 2) is [var jobId, _] ? new(key.Account, jobId) : null;

    private void Take(Line line)
    {
        switch (line.What)
        {
            case Happening.JobWrote wrote:
                this[wrote.After.Request.Key].Take(wrote, line.At);
                break;

            // Somebody may have taken the name of a job's request before there was the job.
            case Happening.Wrote { Before: null or { Outcome: null }, After: var record } when JobIn(record.Key) is { } job:
                this[job].Records[record.Key.RequestId] = record;
                break;

            default:
                break;
        }
    }
}

/// <summary>One job so far.</summary>
internal sealed class JobStory
{
    public JobHead? Head { get; private set; }

    /// <summary>As its rows were when its hash was first durable; null while there is none.</summary>
    public IReadOnlyList<PlanItem>? Plan { get; private set; }

    /// <summary>When its planning began.</summary>
    public DateTimeOffset PlanningSince { get; private set; }

    /// <summary>Of its requests, by their ids.</summary>
    public Dictionary<string, LedgerRecord> Records { get; } = new(StringComparer.Ordinal);

    public bool IsApproved => Head is { Approval: { IsApproved: true, Plan: var plan }, Plan.Hash: var hash } && plan == hash;

    public string ChildOf(PlanItem item) => JobRequest.ChildId(Head!.Request.JobId, item.Resource);

    /// <summary>The outcome of one resource, as its record says; null while it has no outcome.</summary>
    public ChildResult? ResultOf(PlanItem item) => !Records.TryGetValue(ChildOf(item), out var record) ? null
        : record.PayloadHash != PayloadHash.Of(Head!.Request.ChildOf(item.Resource)) ? new(item.Resource, nameof(OutcomeStatus.Rejected), null, "")
        : record.Outcome?.ReadFacts() is { } facts ? new(item.Resource, facts.Status, facts.Code, facts.Sentence) { AlreadyContained = facts.AlreadyContained }
        : null;

    public void Take(Happening.JobWrote wrote, DateTimeOffset at)
    {
        if (Head?.Planning is null && wrote.After.Planning is not null)
        {
            PlanningSince = at;
        }

        (Head, Plan) = (wrote.After, Plan ?? wrote.Plan);
    }
}
