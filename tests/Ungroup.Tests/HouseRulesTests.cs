using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ungroup.Tests.Support;

namespace Ungroup.Tests;

public sealed partial class HouseRulesTests
{
    [Fact]
    public void Every_class_is_sealed_static_or_abstract() =>
        Assert.Empty(typeof(RemovalHandler).Assembly.GetTypes()
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && type.Namespace?.StartsWith("Ungroup", StringComparison.Ordinal) == true)
            .Select(type => type.FullName));

    [Fact]
    public void Only_the_handlers_of_requests_and_jobs_say_that_a_message_is_dead_lettered() =>
        Assert.Equal(
            ["JobHandler.cs", "RemovalHandler.cs"],
            Directory.EnumerateFiles(Snapshot.Find("src/Ungroup"), "*.cs", SearchOption.AllDirectories)
                .Where(path => File.ReadAllText(path).Contains("new Settlement.DeadLetter(", StringComparison.Ordinal)).Select(Path.GetFileName).Order());

    /// <summary>Alerts and operators look for a line by its number.</summary>
    [Fact]
    public void No_two_log_lines_have_the_same_number() =>
        Assert.Empty(Directory.EnumerateFiles(Snapshot.Find("src"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(path => LogLine().Matches(File.ReadAllText(path)).Select(line => (Number: line.Groups["number"].Value, Path: path)))
            .GroupBy(line => line.Number)
            .Where(lines => lines.Skip(1).Any())
            .Select(lines => $"{lines.Key} is in {string.Join(" and ", lines.Select(line => Path.GetFileName(line.Path)))}."));

    [Fact]
    public void The_product_knows_no_host_and_no_broker() =>
        Assert.DoesNotContain(
            typeof(RemovalHandler).Assembly.GetReferencedAssemblies(),

            // The Table ledger is the product's own; who it is to Azure, and how messages come, is the host's.
            assembly => (assembly.Name!.StartsWith("Azure", StringComparison.Ordinal) && assembly.Name is not ("Azure.Core" or "Azure.Data.Tables"))
                || assembly.Name.StartsWith("Amqp", StringComparison.Ordinal)
                || assembly.Name.StartsWith("Microsoft.Azure", StringComparison.Ordinal)
                || assembly.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));

    [GeneratedRegex(@"LoggerMessage\(\s*(EventId = )?(?<number>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LogLine();
}
