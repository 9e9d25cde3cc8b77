namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>
/// So many calls of an action in so many seconds, per account and region: in windows or, with a <see cref="Burst"/>, as a bucket's refill.
/// https://help.aliyun.com/zh/ecs/developer-reference/api-throttling [THROTTLE]
/// </summary>
internal sealed record Quota(string Action, int Calls, int PerSeconds)
{
    /// <summary>Null: any account.</summary>
    public string? Account { get; init; }

    /// <summary>Null: any region.</summary>
    public string? RegionId { get; init; }

    /// <summary>The calls in a full bucket, as it is at the start. Null: windows.</summary>
    public int? Burst { get; init; }

    /// <summary>How long after a multiple of <see cref="PerSeconds"/> on the wall clock a window begins.</summary>
    public TimeSpan Offset { get; init; }

    public IReadOnlyList<QuotaStep> Steps { get; init; } = [];

    public Others? Others { get; init; }

    public HintForm Hints { get; init; } = HintForm.RetryAfter;

    /// <summary>Whether a refused call costs what a served one does. ECS's pages do not say.</summary>
    public bool RefusedCallsCount { get; init; }

    public bool Covers(string action, string account, string regionId) =>
        Action == action && (Account ?? account) == account && (RegionId ?? regionId) == regionId;
}

/// <summary>From <see cref="After"/> the start on, another number of calls and, of a bucket, perhaps another burst.</summary>
internal sealed record QuotaStep(TimeSpan After, int Calls, int? Burst = null);

/// <summary>Everybody else in the account: they call by chance, on average <see cref="Share"/> of the quota.</summary>
internal sealed record Others(double Share, int Seed = 1);
