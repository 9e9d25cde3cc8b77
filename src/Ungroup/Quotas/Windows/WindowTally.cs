namespace Ungroup.Quotas.Windows;

/// <summary>What one instance has done in one window.</summary>
/// <param name="Start">When the window started.</param>
/// <param name="Issued">Permits given out, and what does not count as due to it.</param>
/// <param name="Passed">Calls that ECS has taken. One without an answer counts as issued alone.</param>
/// <param name="Hit">A call was refused because the window was used up.</param>
/// <param name="IsWhole">Whether every call since the window started is counted.</param>
internal sealed record WindowTally(DateTimeOffset Start, int Issued, int Passed, bool Hit, bool IsWhole)
{
    // A start that is known a little better does not begin a new tally.
    private static readonly TimeSpan Same = TimeSpan.FromSeconds(3);

    public DateTimeOffset End => Start + WindowStart.Length;

    public static WindowTally Of(DateTimeOffset start, bool isWhole) => new(start, 0, 0, Hit: false, isWhole);

    public static bool AreSame(DateTimeOffset one, DateTimeOffset other) => (one - other).Duration() <= Same;

    public bool IsOf(DateTimeOffset start) => AreSame(Start, start);
}
