using System.Text;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants;

/// <summary>Invariants ask this of histories and events.</summary>
internal static class Reading
{
    public static Line? FirstOf<T>(this IReadOnlyList<Line> lines, Func<T, bool> breaks)
        where T : Happening => lines.FirstOf<T>((what, _) => breaks(what));

    public static Line? FirstOf<T>(this IReadOnlyList<Line> lines, Func<T, DateTimeOffset, bool> breaks)
        where T : Happening
    {
        foreach (var line in lines)
        {
            if (line.What is T what && breaks(what, line.At))
            {
                return line;
            }
        }

        return null;
    }

    public static bool IsRejection(this OutcomeEvent told) => told.Type.Contains("Rejected", StringComparison.Ordinal);

    /// <summary>About a job, which is decided by its head and not by a record.</summary>
    public static bool IsOfJob(this OutcomeEvent told) => told.Type.StartsWith("ungroup.job.", StringComparison.Ordinal);

    /// <summary>Of a request that a job has made.</summary>
    public static bool IsByJob(this RequestDoor? door) => door is RequestDoor.Job or RequestDoor.ApprovedJob or RequestDoor.RestoreJob;

    public static string Fingerprint(this OutcomeEvent told) => $"{told.Id}\n{Encoding.UTF8.GetString(told.Json.Span)}";

    public static bool IsSame(this OutcomeEvent told, string fingerprint) => told.Fingerprint() == fingerprint;
}
