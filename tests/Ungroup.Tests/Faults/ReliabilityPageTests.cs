using System.Globalization;
using System.Text.RegularExpressions;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

/// <summary>Keeps <c>docs/reliability.md</c> true: every row has its tests, every such test is in its row.</summary>
public sealed partial class ReliabilityPageTests
{
    private const int Faults = 37;
    private const string Rules = "ABCDEFGHI";

    private static readonly Dictionary<int, Match> Rows = Row().Matches(File.ReadAllText(Snapshot.Find("docs/reliability.md")))
        .ToDictionary(row => int.Parse(row.Groups["number"].Value, CultureInfo.InvariantCulture));

    private static readonly List<Match> Tests =
    [
        .. Directory.EnumerateFiles(Snapshot.Find("tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.EndsWith("ReliabilityPageTests.cs", StringComparison.Ordinal))
            .SelectMany(file => Test().Matches(File.ReadAllText(file))),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, Faults)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_fault_has_its_tests_in_its_row(int number)
    {
        var named = Name().Matches(Rows[number].Groups["tests"].Value).Select(name => name.Groups["name"].Value);
        var there = Tests.Where(test => int.Parse(test.Groups["number"].Value, CultureInfo.InvariantCulture) == number)
            .Select(test => test.Groups["name"].Value);

        Assert.Equal(there.Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
        Assert.NotEmpty(named);
    }

    [Fact]
    public void No_test_of_a_fault_is_skipped() =>
        Assert.All(Tests, test => Assert.DoesNotContain("Skip", test.Groups["attributes"].Value, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Every_fault_names_the_rules_it_is_about(int number) =>
        Assert.Matches($"^([{Rules}] )*[{Rules}]$", Rows[number].Groups["rules"].Value.Trim());

    [GeneratedRegex(@"^\| (?<number>\d+) \|[^|\n]+\|[^|\n]+\|(?<rules>[^|\n]+)\|(?<tests>[^|\n]+)\|$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1_000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Name();

    [GeneratedRegex(
        @"(?<attributes>(^ +\[[^\n]+\]\n)+) +public [\w <>]+ (?<name>Fault_(?<number>\d\d)_\w+)\(", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 5_000)]
    private static partial Regex Test();
}
