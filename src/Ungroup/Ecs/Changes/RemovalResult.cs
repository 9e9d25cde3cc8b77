using Ungroup.Messages;

namespace Ungroup.Ecs.Changes;

/// <summary>What one try to remove came to, and so what one delivery's tries came to: the result of the last.</summary>
internal abstract record RemovalResult
{
    private RemovalResult()
    {
    }

    public CallCount Calls { get; init; }

    /// <summary>A call of this delivery or of an earlier one was refused because others had used the quota.</summary>
    public bool QuotaUsedByOthers { get; init; }

    public sealed record Decided(Outcome Outcome) : RemovalResult;

    /// <summary>Nothing is known for good; ask again at <paramref name="Until"/>.</summary>
    /// <param name="Until">When to ask again, by our clock.</param>
    /// <param name="Why">A sentence for the log.</param>
    /// <param name="Code">ECS's last code, which a request that runs out of time fails with.</param>
    public sealed record Wait(DateTimeOffset Until, string Why, string? Code) : RemovalResult
    {
        /// <summary>A call of ours may have had its effect without our knowing. Said where a delivery ends, and not by its single tries.</summary>
        public bool MayHaveLeft { get; init; }

        /// <summary>The account is not permitted to make this call before an operator has acted.</summary>
        public bool IsDenied { get; init; }

        /// <summary>Another try within this delivery may work. Only the pipeline knows how many tries there are.</summary>
        public bool IsWorthAnotherTry { get; init; }

        /// <summary>How long to wait before that try; null leaves it to the pipeline's backoff.</summary>
        public TimeSpan? Pause { get; init; }

        /// <summary>The same, unless another try within this delivery works.</summary>
        public Wait AfterAnotherTry(TimeSpan? pause = null) => this with { IsWorthAnotherTry = true, Pause = pause };
    }

    /// <summary>Another owner has taken the request over: call nothing, publish nothing.</summary>
    public sealed record LeaseLost : RemovalResult;
}
