using System.Runtime.InteropServices;

namespace Ungroup.Pace;

/// <summary>How fast an instance may call now, and until when that holds.</summary>
/// <param name="PerSecond">Calls a second; 0 means that nothing is called, infinity that only <paramref name="AtOnce"/> counts.</param>
/// <param name="AtOnce">The most calls under way at a time.</param>
/// <param name="Until">Seconds into the minute at which another limit holds.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaceLimit(double PerSecond, int AtOnce, double Until)
{
    public static PaceLimit Even(double perSecond, double until) => new(perSecond, int.MaxValue, until);

    public static PaceLimit Silent(double until) => new(0, int.MaxValue, until);

    /// <summary>As fast as answers come, so many at a time.</summary>
    public static PaceLimit OneAfterTheOther(int atOnce, double until) => new(double.PositiveInfinity, atOnce, until);
}

/// <summary>What a plan looks at.</summary>
/// <param name="Position">Seconds into the minute.</param>
/// <param name="Quota">What is known.</param>
/// <param name="Reserve">The share left to others.</param>
/// <param name="Fair">This instance's part of what the fleet may use: one over those who have work.</param>
/// <param name="IsScout">Whether it is this instance's turn to look for the edge.</param>
/// <param name="Touches">Whether the edge is looked for in this minute.</param>
/// <param name="Passed">What of ours this minute has taken.</param>
/// <param name="FleetPassed">What of the fleet this minute has taken.</param>
/// <param name="Deviation">By how much what is measured differs from minute to minute, in calls.</param>
/// <param name="Latency">Seconds a call takes.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PaceView(
    double Position,
    QuotaKnowledge Quota,
    double Reserve,
    double Fair,
    bool IsScout,
    bool Touches,
    int Passed,
    double FleetPassed,
    double Deviation,
    double Latency)
{
    public double Ordinary => Quota.PerMinute * (1 - Reserve);
}
