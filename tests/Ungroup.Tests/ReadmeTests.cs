using System.Text.RegularExpressions;
using Ungroup.Tests.Support;

namespace Ungroup.Tests;

public sealed partial class ReadmeTests
{
    [Fact]
    public void Every_file_and_folder_that_the_README_links_to_is_there()
    {
        var links = Link().Matches(File.ReadAllText(Snapshot.Find("README.md"))).Select(link => link.Groups["path"].Value).ToList();

        Assert.Contains("src/Ungroup/RemovalHandler.cs", links);
        Assert.DoesNotContain(links, path => !Path.Exists(Snapshot.Find(path)));
    }

    [GeneratedRegex(@"\]\((?!https?:|#)(?<path>[^)#\s]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Link();
}
