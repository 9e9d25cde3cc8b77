using Ungroup.Messages;

namespace Ungroup.Ecs.Changes;

/// <summary>What one delivery's work at ECS came to.</summary>
internal abstract record RemovalVerdict
{
    private RemovalVerdict()
    {
    }

    /// <summary>The HTTP calls made.</summary>
    public CallCount Calls { get; init; }

    /// <summary>A call was refused because somebody else had used the quota; of this delivery, or of an earlier one.</summary>
    public bool MetOthers { get; init; }

    /// <summary>The request has an outcome.</summary>
    public sealed record Ended(Outcome Outcome) : RemovalVerdict;

    /// <summary>Nothing is known for good; ask again at <paramref name="Until"/>.</summary>
    /// <param name="Until">When to ask again.</param>
    /// <param name="Why">A sentence for the log.</param>
    /// <param name="Code">ECS's last code, which a request that runs out of time fails with.</param>
    /// <param name="MayHaveLeft">A call of ours may have had its effect without our knowing.</param>
    public sealed record Wait(DateTimeOffset Until, string Why, string? Code, bool MayHaveLeft) : RemovalVerdict;

    /// <summary>Somebody else has taken the request over: call nothing, publish nothing.</summary>
    public sealed record LeaseLost : RemovalVerdict;
}
