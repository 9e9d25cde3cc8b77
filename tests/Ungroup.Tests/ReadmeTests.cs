using System.Text.RegularExpressions;
using Ungroup.Tests.Support;

namespace Ungroup.Tests;

public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Snapshot.Find("README.md"));

    [Fact]
    public void Every_file_and_folder_that_the_README_links_to_is_there() =>
        Assert.DoesNotContain(Links(Readme), path => !Path.Exists(Snapshot.Find(path)));

    [Fact]
    public void Each_question_about_where_things_are_has_one_file_for_an_answer()
    {
        var questions = Readme.Split('\n').SkipWhile(line => line != "## Where things are").Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();

        Assert.Contains(questions, question => Links(question).SequenceEqual(["src/Ungroup/RemovalHandler.cs"]));
        Assert.All(questions, question => Assert.True(
            Links(question).ToList() is [var path] && File.Exists(Snapshot.Find(path)), $"Link to one file, which is there: {question}"));
    }

    private static IEnumerable<string> Links(string text) => Link().Matches(text).Select(link => link.Groups["path"].Value);

    [GeneratedRegex(@"\]\((?!https?:|#)(?<path>[^)#\s]+)", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Link();
}
