using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.Ecs;
using Ungroup.Guardrails;

namespace Ungroup.EndToEnd.Tests;

/// <summary><c>ungroup explain</c> reads what it says from the code that acts on it, so that it cannot come to say something else.</summary>
public sealed class ExplainedFromCodeTests
{
    [Fact]
    public async Task The_guardrails_are_those_that_a_request_meets_in_that_order()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Ledger:Kind", "Memory"), new("Accounts:default:Credentials", "Environment")]).Build();
        await using var services = new ServiceCollection().AddUngroup(configuration).BuildServiceProvider();
        var names = services.GetRequiredService<GuardrailChain>().Names;

        Assert.Contains(string.Join(", ", names), await ExplainAsync("steps"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_no_says_when_it_is_tried_again()
    {
        var waits = await ExplainAsync("waits");

        Assert.All(Enum.GetNames<Fault>().Where(kind => kind != nameof(Fault.AlreadyDone)), kind => Assert.Contains($"  {kind}  ", waits, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Steps.cs")]
    [InlineData("RetryTimes.cs")]
    [InlineData("FaultTable.cs")]
    public void No_number_is_written_into_a_text(string file)
    {
        var texts = LinesOf(file).SelectMany(line => WithoutHoles(line).Split('"').Where((_, at) => at % 2 == 1)).ToList();

        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.DoesNotMatch("[0-9]", text));
    }

    private static string[] LinesOf(string file, [CallerFilePath] string test = "") =>
        File.ReadAllLines(Path.Combine(Path.GetDirectoryName(test)!, "..", "..", "src", "Ungroup.Cli", "Explain", file));

    private static string WithoutHoles(string line)
    {
        var less = Regex.Replace(line, @"\{[^{}]*\}", "", RegexOptions.None, TimeSpan.FromSeconds(1));
        return less == line ? line : WithoutHoles(less);
    }

    private static async Task<string> ExplainAsync(string section)
    {
        var terminal = new Terminal();
        terminal.Shell.Console.Profile.Width = 400;
        Assert.Equal(0, await terminal.RunAsync("explain", "--only", section, "--ledger", "memory"));
        return terminal.ConsoleText;
    }
}
