namespace Ungroup.Display;

internal static class Nearest
{
    /// <summary>The known name that a few typing slips turn into <paramref name="name"/>; null where none is near.</summary>
    public static string? To(string name, IEnumerable<string> known) => known
        .Select(candidate => (Name: candidate, Slips: Slips(name.Trim().ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(candidate => candidate.Slips <= Math.Min(name.Length, candidate.Name.Length) switch { < 5 => 1, < 9 => 2, _ => 3 })
        .OrderBy(candidate => candidate.Slips)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>Letters that are missing, too many, wrong, or swapped with their neighbour.</summary>
    private static int Slips(string one, string other)
    {
        var costs = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
            {
                costs[i, j] = (i, j) switch
                {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => Math.Min(
                        Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1,
                        costs[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1)),
                };
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                {
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
                }
            }
        }

        return costs[one.Length, other.Length];
    }
}
