using Ungroup.Simulation.Time;

namespace Ungroup.Simulation.Story;

/// <summary>Everything that happened in one seed, in order, and how often what went wrong.</summary>
internal sealed class History(Schedule schedule)
{
    private readonly List<Line> _lines = [];
    private readonly int[] _tally = new int[Enum.GetValues<Incident>().Length];

    public IReadOnlyList<Line> Lines => _lines;

    public IReadOnlyList<int> Tally => _tally;

    public void Add(string who, Happening what) => _lines.Add(new(_lines.Count + 1, schedule.Now, who, what));

    public void Count(Incident incident) => _tally[(int)incident]++;
}
