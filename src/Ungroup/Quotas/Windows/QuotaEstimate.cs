using System.Runtime.InteropServices;

namespace Ungroup.Quotas.Windows;

/// <summary>The calls that ECS counts together: those of one API by one account in one region.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QuotaKey(string Account, string RegionId, string Action)
{
    public override string ToString() => $"{Account}/{RegionId}/{Action}";
}

/// <summary>All that is known of a quota. Each half has its own version, so that two who learn one each lose neither.</summary>
internal sealed record QuotaEstimate(QuotaLimit Limit, WindowStart Start)
{
    public static readonly QuotaEstimate Nothing = new(QuotaLimit.Unknown, WindowStart.OfTheClock);

    /// <summary>A maximum of each: in whatever order instances hear of each other, all come to the same.</summary>
    public QuotaEstimate Merge(QuotaEstimate other) => new(
        other.Limit.Replaces(Limit) ? other.Limit : Limit,
        other.Start.Replaces(Start) ? other.Start : Start);
}

/// <summary>Of two limits that are as new and as large the one further down here counts.</summary>
internal enum LimitBasis
{
    Unknown,
    /// <summary>So much had passed in a window that was refused far too early: there is less than before, or others had the rest.</summary>
    AtMost,
    /// <summary>So much has passed and nothing was refused: there may be more.</summary>
    AtLeast,
    /// <summary>So much passed in a window until it was refused.</summary>
    Measured,
    /// <summary>An operator has said so (<c>Pace:Quotas</c>).</summary>
    Told,
}

/// <summary>How many calls a window takes, those left to others included, as it was learned in a window; of one nobody learns twice.</summary>
internal sealed record QuotaLimit(int Calls, LimitBasis Basis, int Version, DateTimeOffset Window)
{
    public static readonly QuotaLimit Unknown = new(0, LimitBasis.Unknown, 0, default);

    // An unknown quota is assumed to be small: JoinSecurityGroup has 1,000 calls a minute.
    private const int FirstGuess = 240;

    // After a surprise the next window must not overrun a quota that is several times smaller.
    private const int Caution = 4;
    private const int Least = 10;

    public int Usable => Basis switch
    {
        LimitBasis.Unknown => FirstGuess,
        LimitBasis.AtMost => Math.Max(Math.Min(Least, Calls), Calls / Caution),
        _ => Calls,
    };

    /// <summary>Where the quota ends is known. Where it is not, the end of every window is probed.</summary>
    public bool IsExact => Basis >= LimitBasis.Measured;

    public static QuotaLimit Told(int calls) => new(calls, LimitBasis.Told, 0, default);

    /// <summary>The limit that was learned in a window; of a quota that an operator has told no more than that.</summary>
    public QuotaLimit Next(int calls, LimitBasis basis, DateTimeOffset window, int? told) => calls >= told
        ? new(told.Value, LimitBasis.Told, Version + 1, window)
        : new(Math.Max(Math.Min(Least, told ?? Least), calls), basis, Version + 1, window);

    /// <summary>Instances may have been told differently, or one of them nothing.</summary>
    public QuotaLimit Within(int? told) => Calls > told ? this with { Calls = told.Value, Basis = LimitBasis.Told } : this;

    /// <summary>The later version counts more; of two that were learned apart the smaller one, and nothing less than anything.</summary>
    public bool Replaces(QuotaLimit other) => Order.CompareTo(other.Order) > 0;

    private (int Version, bool IsSomething, int Fewer, LimitBasis Basis, DateTimeOffset Window) Order =>
        (Version, Basis != LimitBasis.Unknown, -Calls, Basis, Window);
}
