using Ungroup.Messages;

namespace Ungroup.Ecs.Changes;

/// <summary>The result of one try to remove, and so of a delivery: that of its last try.</summary>
internal abstract record RemovalResult
{
    private RemovalResult()
    {
    }

    public CallCount Calls { get; init; }

    /// <summary>A call of this request was refused because others had used the quota.</summary>
    public bool QuotaUsedByOthers { get; init; }

    public sealed record Decided(Outcome Outcome) : RemovalResult;

    /// <summary>Nothing is known for good.</summary>
    /// <param name="Until">When to ask again, by our clock.</param>
    /// <param name="Why">A sentence for the log.</param>
    /// <param name="Code">ECS's last code, which a request that runs out of time fails with.</param>
    public sealed record Wait(DateTimeOffset Until, string Why, string? Code) : RemovalResult
    {
        /// <summary>A call of ours may have had its effect without our knowing. Set where a delivery ends, not by its tries.</summary>
        public bool MayHaveLeft { get; init; }

        /// <summary>Another try within this delivery may work.</summary>
        public bool IsWorthAnotherTry { get; init; }

        /// <summary>The wait before that try; null leaves it to the pipeline's backoff.</summary>
        public TimeSpan? Pause { get; init; }

        public Wait AfterAnotherTry(TimeSpan? pause = null) => this with { IsWorthAnotherTry = true, Pause = pause };
    }

    /// <summary>Another owner has taken the request over: call nothing, publish nothing.</summary>
    public sealed record LeaseLost : RemovalResult;
}
