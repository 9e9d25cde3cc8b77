namespace Ungroup.Benchmarks;

/// <summary>Rows under headings, the first column to the left and numbers to the right.</summary>
internal sealed class Table(params string[] headings)
{
    private readonly List<string[]> _rows = [headings];

    public void Add(params string[] row) => _rows.Add(row);

    public void Print()
    {
        var widths = headings.Select((_, column) => _rows.Max(row => row[column].Length)).ToArray();
        _rows.Insert(1, [.. widths.Select(width => new string('-', width))]);
        foreach (var row in _rows)
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => Pad(cell, widths[column], toTheRight: column > 0))));
        }

        static string Pad(string cell, int width, bool toTheRight) => toTheRight ? cell.PadLeft(width) : cell.PadRight(width);
    }
}
