namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>How a refused caller is told when to come back.</summary>
internal enum HintForm
{
    None,

    /// <summary>The milliseconds, in the header of newer gateways.</summary>
    RetryAfter,

    /// <summary>The header of older gateways.</summary>
    RateLimit,

    /// <summary>All of the wrong ones below, one after the other.</summary>
    Wrong,

    Garbage,
    Zero,
    Negative,

    /// <summary>A thousand times too long, as if microseconds were meant.</summary>
    TooLong,

    /// <summary>A thousand times too short, as if seconds were meant.</summary>
    TooShort,
}
