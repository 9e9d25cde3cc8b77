using System.Text.RegularExpressions;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Settings;

/// <summary>Alerts and the workbook query metrics by name: one that the product does not have stays silent for ever.</summary>
public sealed partial class WatchedNamesTests
{
    [Fact]
    public void Every_metric_that_an_alert_or_the_workbook_queries_is_one_of_ours()
    {
        var queried = Names(Files("infra", "*.bicep").Concat(Files("infra", "*.json")), QueriedName());
        var ours = Names(Files("src", "*.cs"), CreatedName());

        Assert.NotEmpty(queried);
        Assert.Empty(queried.Except(ours));
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Snapshot.Find(folder), pattern, SearchOption.AllDirectories);

    private static HashSet<string> Names(IEnumerable<string> files, Regex name) =>
        [.. files.SelectMany(file => name.Matches(File.ReadAllText(file))).Select(match => match.Groups["name"].Value)];

    [GeneratedRegex("""['"](?<name>ungroup\.[a-z_.]*[a-z])\\?['"]""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex QueriedName();

    [GeneratedRegex("""Create\w+(?:<\w+>)?\(\s*"(?<name>ungroup\.[a-z_.]+)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex CreatedName();
}
