using System.Text;
using Ungroup.Requests;

namespace Ungroup.Cli.Jobs;

/// <summary>The resources of a file: an id a line, or a CSV whose header names the column.</summary>
/// <param name="Ids">In the order of the file, each once.</param>
/// <param name="Problems">A sentence each, with file and line; nothing is sent where there is one.</param>
internal sealed record ResourceList(IReadOnlyList<string> Ids, IReadOnlyList<string> Problems)
{
    private const int MostProblems = 10;
    private const int MostShown = 80;

    private static readonly string[] Columns = ["resource", "instanceId", "networkInterfaceId"];

    /// <param name="content">UTF-8, with a mark of the byte order or without.</param>
    /// <param name="name">The name of the file, for the sentences.</param>
    public static ResourceList Read(ReadOnlySpan<byte> content, string name)
    {
        string text;
        try
        {
            text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(content).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException)
        {
            return new([], [$"{name} is no UTF-8; expected an id a line, or a CSV file saved as UTF-8."]);
        }

        var rows = CsvRow.Read(text).Where(row => row.Cells.Any(cell => cell.Length > 0)).ToList();
        if (rows.Find(row => row.IsCutOff) is { } cutOff)
        {
            return new([], [$"{name}({cutOff.Line}): a quotation mark is opened and not closed, and every line behind it would be passed over; expected another one behind that cell."]);
        }

        if (rows.Count == 0)
        {
            return new([], [$"{name} names no resource; expected an id a line, or a CSV with a column {string.Join(", ", Columns)}."]);
        }

        return PlacesIn(rows[0]) is { Count: > 0 } places ? Read(rows.Skip(1), places, name)
            : rows[0].Cells.Count > 1 ? new([], [$"{name}({rows[0].Line}): no column is named {string.Join(", ", Columns)}; it has {string.Join(", ", rows[0].Cells.Select(Shown.Quoted))}."])
            : Read(rows, [0], name);
    }

    /// <summary>The columns that name a resource: <c>resource</c>, or else those of both kinds.</summary>
    private static List<int> PlacesIn(CsvRow header)
    {
        var places = header.Cells.Index().Where(cell => Columns.Contains(cell.Item, StringComparer.OrdinalIgnoreCase)).ToList();
        var resource = places.Where(cell => cell.Item.Equals(Columns[0], StringComparison.OrdinalIgnoreCase)).ToList();
        return [.. (resource.Count > 0 ? resource : places).Select(cell => cell.Index)];
    }

    private static ResourceList Read(IEnumerable<CsvRow> rows, IReadOnlyList<int> places, string name)
    {
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        List<string> ids = [], problems = [];
        foreach (var row in rows)
        {
            var named = places.Where(place => place < row.Cells.Count).Select(place => row.Cells[place]).Where(cell => cell.Length > 0).ToList();
            if (named is not [var id])
            {
                problems.Add(named.Count == 0
                    ? $"{name}({row.Line}): no resource is named; expected an id in each line."
                    : $"{name}({row.Line}): {string.Join(" and ", named.Select(Quoted))} are both named; expected one resource a line.");
            }
            else if (!(ResourceId.HasForm(id, "i-") || ResourceId.HasForm(id, "eni-")))
            {
                problems.Add($"{name}({row.Line}): {Quoted(id)} is no resource; expected the id of an instance or a network interface, such as i-bp1… or eni-bp1….");
            }
            else if (!lines.TryAdd(id, row.Line))
            {
                problems.Add($"{name}({row.Line}): {id} is named in line {lines[id]} already; expected each resource once.");
            }
            else
            {
                ids.Add(id);
            }
        }

        return new(ids, Few(ids.Count + problems.Count == 0 ? [$"{name} has a header and names no resource."] : problems));
    }

    private static List<string> Few(List<string> problems) =>
        problems.Count <= MostProblems ? problems : [.. problems.Take(MostProblems), $"{problems.Count - MostProblems:N0} more lines are wrong."];

    private static string Quoted(string cell) => Shown.Quoted(cell.Length <= MostShown ? cell : cell[..MostShown]);
}

/// <summary>A row of a CSV file.</summary>
/// <param name="Line">The line it begins in, from 1.</param>
/// <param name="Cells">Without quotes, and without space around them.</param>
internal sealed record CsvRow(int Line, IReadOnlyList<string> Cells)
{
    /// <summary>The file ends within a quoted cell of it.</summary>
    public bool IsCutOff { get; private init; }

    /// <summary>Cells are parted by commas, semicolons or tabs, whichever the first line has first; a quoted one may have those, line ends and doubled quotes in it.</summary>
    public static IEnumerable<CsvRow> Read(string text)
    {
        var separator = text.IndexOfAny([',', ';', '\t', '\n']) is var at and >= 0 && text[at] != '\n' ? text[at] : ',';
        var (line, began) = (1, 1);
        var (isQuoted, cell, cells) = (false, new StringBuilder(), new List<string>());
        for (var index = 0; index <= text.Length; index++)
        {
            var next = index < text.Length ? text[index] : '\n';
            if (next == '"' && isQuoted && index + 1 < text.Length && text[index + 1] == '"')
            {
                cell.Append('"');
                index++;
            }
            else if (next == '"' && (isQuoted || string.IsNullOrWhiteSpace(cell.ToString())))
            {
                isQuoted = !isQuoted;
            }
            else if ((isQuoted && index < text.Length) || (next != separator && next != '\n'))
            {
                cell.Append(next);
                line += next == '\n' ? 1 : 0;
            }
            else
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
                if (next == '\n')
                {
                    yield return new(began, cells) { IsCutOff = isQuoted };
                    (isQuoted, cells, line) = (false, [], line + 1);
                    began = line;
                }
            }
        }
    }
}
