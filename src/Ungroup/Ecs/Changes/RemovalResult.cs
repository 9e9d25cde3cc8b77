using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Ecs.Changes;

internal abstract record RemovalResult
{
    private RemovalResult()
    {
    }

    public CallCount Calls { get; init; }

    public bool QuotaUsedByOthers { get; init; }

    public sealed record Decided(Outcome Outcome) : RemovalResult;

    /// <summary>Nothing is known for good. A request that runs out of time fails with <paramref name="Code"/>, ECS's last.</summary>
    public sealed record Wait(DateTimeOffset Until, string Why, string? Code) : RemovalResult
    {
        /// <summary>The reason in a word.</summary>
        public WaitFor For { get; init; }

        public WaitReason Reason => WaitReason.Of(For, Why);

        /// <summary>A call of ours may have had its effect without our knowing. Set where a delivery ends, not by its tries.</summary>
        public bool MayHaveLeft { get; init; }

        /// <summary>The account is not permitted to make this call before an operator has acted.</summary>
        public bool IsDenied { get; init; }

        /// <summary>Another try within this delivery may work. Only the pipeline knows how many tries there are.</summary>
        public bool IsWorthAnotherTry { get; init; }

        /// <summary>The wait before that try; null leaves it to the pipeline's backoff.</summary>
        public TimeSpan? Pause { get; init; }

        public Wait AfterAnotherTry(TimeSpan? pause = null) => this with { IsWorthAnotherTry = true, Pause = pause };
    }

    public sealed record LeaseLost : RemovalResult;
}
