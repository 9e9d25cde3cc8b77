namespace Ungroup.Quotas.Windows;

/// <summary>What is known of a quota: how many calls a window takes, and when it starts. Each has its own version, so that two who learn one each lose neither.</summary>
internal sealed record QuotaEstimate(QuotaLimit Limit, WindowStart Start)
{
    public static readonly QuotaEstimate Nothing = new(QuotaLimit.Unknown, WindowStart.OfTheClock);

    /// <summary>A maximum of each: in whatever order instances hear of each other, all come to the same.</summary>
    public QuotaEstimate Merge(QuotaEstimate other) => new(
        other.Limit.Replaces(Limit) ? other.Limit : Limit,
        other.Start.Replaces(Start) ? other.Start : Start);
}

/// <summary>What the number of a limit stands on.</summary>
internal enum LimitBasis
{
    Unknown,

    /// <summary>So much had passed in a window that was refused far too early: there is less than before.</summary>
    AtMost,

    /// <summary>So much has passed and nothing was refused: there may be more.</summary>
    AtLeast,

    /// <summary>So much passed in a window until it was refused.</summary>
    Measured,

    /// <summary>An operator has said so (<c>Pace:Quotas</c>).</summary>
    Told,
}

/// <summary>How many calls a window takes.</summary>
/// <param name="Calls">Calls in a window, those left to others included.</param>
/// <param name="Basis">What the number stands on.</param>
/// <param name="Version">One more than that of what it was learned from.</param>
/// <param name="Window">The start of the window it was learned in, so that nobody learns of the same window twice.</param>
internal sealed record QuotaLimit(int Calls, LimitBasis Basis, int Version, DateTimeOffset Window)
{
    public static readonly QuotaLimit Unknown = new(0, LimitBasis.Unknown, 0, default);

    // What is not known is assumed small: JoinSecurityGroup has 1,000 calls a minute.
    private const int FirstGuess = 240;

    // After a surprise the next window must not overrun a quota that is several times smaller.
    private const int Caution = 4;
    private const int Least = 10;

    /// <summary>What a window is planned by.</summary>
    public int Usable => Basis switch
    {
        LimitBasis.Unknown => FirstGuess,
        LimitBasis.AtMost => Math.Max(Math.Min(Least, Calls), Calls / Caution),
        _ => Calls,
    };

    /// <summary>Whether the end of every window is looked at, because where the quota ends is not known.</summary>
    public bool IsSought => Basis < LimitBasis.Measured;

    public static QuotaLimit Told(int calls) => new(calls, LimitBasis.Told, 0, default);

    /// <summary>What was learned of a window; of a quota that was told no more than that.</summary>
    /// <param name="calls">So many calls.</param>
    /// <param name="basis">What that stands on.</param>
    /// <param name="window">When the window started.</param>
    /// <param name="told">What the operator has said; null where nothing.</param>
    public QuotaLimit Next(int calls, LimitBasis basis, DateTimeOffset window, int? told) => calls >= told
        ? new(told.Value, LimitBasis.Told, Version + 1, window)
        : new(Math.Max(Math.Min(Least, told ?? Least), calls), basis, Version + 1, window);

    /// <summary>The later version counts more; of two that were learned apart the smaller one, and nothing less than anything.</summary>
    public bool Replaces(QuotaLimit other) => Rank.CompareTo(other.Rank) > 0;

    private (int Version, bool IsSomething, int Fewer, LimitBasis Basis, DateTimeOffset Window) Rank =>
        (Version, Basis != LimitBasis.Unknown, -Calls, Basis, Window);
}
