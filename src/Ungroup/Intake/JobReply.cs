using Ungroup.Jobs;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>The answer to whoever asks for a job or about one.</summary>
public abstract record JobReply
{
    private JobReply()
    {
    }

    /// <summary>The job is written down, now or before, and is done.</summary>
    public sealed record Taken : JobReply
    {
        internal Taken(JobView job, bool isNew) => (Job, IsNew) = (job, isNew);

        internal JobView Job { get; }

        /// <summary>Whether it was not there before: the same job may be asked for twice.</summary>
        public bool IsNew { get; }

        /// <summary>Its name.</summary>
        public string JobId => Job.JobId;

        /// <summary>Its account.</summary>
        public string Account => Job.Account;

        /// <summary>Its status as JSON.</summary>
        public string ToJson() => Job.ToJson();
    }

    /// <summary>The job as it is, after what was decided about it.</summary>
    public sealed record Told : JobReply
    {
        internal Told(JobView job) => Job = job;

        internal JobView Job { get; }

        /// <summary>Its status as JSON.</summary>
        public string ToJson() => Job.ToJson();
    }

    /// <summary>Some jobs, the newest first.</summary>
    public sealed record Listed : JobReply
    {
        internal Listed(JobViews page) => Page = page;

        internal JobViews Page { get; }

        /// <summary>The page as JSON, with <c>next</c> where there may be more.</summary>
        public string ToJson() => Page.ToJson();
    }

    /// <summary>The job, to read its results from.</summary>
    /// <param name="Results">They are read as they are written out.</param>
    public sealed record Found(JobResults Results) : JobReply;

    /// <summary>The ledger has the job, and the bus did not confirm its message: it begins once the sweep has found it.</summary>
    /// <param name="JobId">Its name.</param>
    /// <param name="Account">Its account.</param>
    /// <param name="Sentence">Says what to do.</param>
    public sealed record Unconfirmed(string JobId, string Account, string Sentence) : JobReply;

    /// <summary>There is no such job.</summary>
    /// <param name="Sentence">Says so, and why that may be.</param>
    public sealed record Unknown(string Sentence) : JobReply;

    /// <summary>It cannot be done as the job is, and nothing was changed.</summary>
    /// <param name="Code">
    /// <c>IdempotencyConflict</c>, <c>NotPlanned</c>, <c>OtherPlan</c>, <c>OwnJob</c>, <c>Decided</c>, <c>Ended</c>, <c>NotNeeded</c>, <c>Expired</c>,
    /// <c>NotEnded</c>, <c>NothingToRetry</c> or <c>NothingToRestore</c>.
    /// </param>
    /// <param name="Sentence">For a person.</param>
    public sealed record Refused(string Code, string Sentence) : JobReply;

    /// <summary>The question or order is wrong, and nothing was done.</summary>
    /// <param name="Problems">At least one.</param>
    public sealed record Invalid(IReadOnlyList<RequestProblem> Problems) : JobReply;
}
