using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Ungroup.Cli;

namespace Ungroup.EndToEnd.Tests;

/// <summary>The program's words about itself are a promise to scripts and people alike.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("ungroup")]
    [InlineData("ungroup sandbox")]
    [InlineData("ungroup worker")]
    [InlineData("ungroup send")]
    [InlineData("ungroup replay")]
    [InlineData("ungroup status")]
    [InlineData("ungroup list")]
    [InlineData("ungroup pause")]
    [InlineData("ungroup resume")]
    [InlineData("ungroup holds")]
    [InlineData("ungroup job")]
    [InlineData("ungroup job submit")]
    [InlineData("ungroup job status")]
    [InlineData("ungroup job watch")]
    [InlineData("ungroup job list")]
    [InlineData("ungroup job results")]
    [InlineData("ungroup job approve")]
    [InlineData("ungroup job reject")]
    [InlineData("ungroup job cancel")]
    [InlineData("ungroup job retry")]
    [InlineData("ungroup job restore")]
    [InlineData("ungroup explain")]
    public async Task Help_is_as_verified(string command)
    {
        var cli = new Terminal();

        Assert.Equal(0, await cli.RunAsync([.. command.Split(' ').Skip(1), "--help"]));
        Verified.Equal($"{command.Replace(' ', '-')}-help", cli.Out);
    }

    [Fact]
    public void Every_example_of_the_help_is_a_command_line()
    {
        var root = CommandLine.Build(new Terminal().Shell);
        var examples = All(root).OfType<ExampleCommand>().SelectMany(command => command.Examples.Select(example => (command, example))).ToList();

        Assert.NotEmpty(examples);
        Assert.All(examples, one =>
        {
            var words = CommandLineParser.SplitCommandLine(one.example.Split(" > ")[0]).ToList();
            var parsed = root.Parse([.. words.Skip(1)]);
            Assert.Equal("ungroup", words[0]);
            Assert.Empty(parsed.Errors);
            Assert.Same(one.command, parsed.CommandResult.Command);
        });

        static IEnumerable<Command> All(Command command) => command.Subcommands.SelectMany(All).Prepend(command);
    }

    [Fact]
    public async Task Explain_prints_every_code_every_setting_and_no_secret()
    {
        using var scratch = new Scratch();
        var settings = scratch.File("settings.json", """{"Accounts":{"default":{"AccessKeyId":"LTAI-visible","AccessKeySecret":"very-secret"}},"Ledger":{"ConnectionString":"AccountKey=storage-key"},"Ecs":{"QuickTries":2}}""");
        var cli = new Terminal();

        Assert.Equal(0, await cli.RunAsync("explain", "--all", "--settings", settings, "--bus", "Endpoint=sb://broker.example;SharedAccessKeyName=u;SharedAccessKey=bus-key"));
        Assert.Contains("Throttling.User", cli.ConsoleText, StringComparison.Ordinal);
        Assert.Contains("at most 2 tries", cli.ConsoleText, StringComparison.Ordinal);
        Assert.Contains("sb://broker.example", cli.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", cli.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain("storage-key", cli.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain("bus-key", cli.ConsoleText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_begins_with_what_is_closed_and_fits_a_terminal_of_80_columns()
    {
        using var scratch = new Scratch();
        var settings = scratch.File("settings.json", """{"Ledger":{"Kind":"Memory"},"Ecs":{"QuickTries":2},"Guardrails":{"ProtectedGroups":["sg-[red]a[/]"]}}""");
        var (usual, whole) = (new Terminal(), new Terminal());
        foreach (var terminal in (Terminal[])[usual, whole])
        {
            terminal.Shell.Console.Profile.Out = new RealTerminal(terminal.Shell.Console.Profile.Out);
            terminal.Shell.Console.Profile.Width = 80;
        }

        Assert.Equal(0, await usual.RunAsync("explain", "--settings", settings));
        Assert.Equal(0, await whole.RunAsync("explain", "--all", "--settings", settings));

        Assert.Contains("Closed now", Lines(usual)[0], StringComparison.Ordinal);
        Assert.InRange(Lines(usual).Count, 5, 24);
        Assert.InRange(Lines(whole).Count, 100, 700);
        Assert.Contains("Ecs:QuickTries  2", usual.ConsoleText, StringComparison.Ordinal);
        Assert.Contains("sg-[red]a[/]", usual.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain("Ecs:OutageAfter", usual.ConsoleText, StringComparison.Ordinal);
        Assert.All(Lines(whole), line => Assert.True(line.Length <= 80, line));
    }

    [Theory]
    [InlineData("settings", "Ecs:OutageAfter", "Throttling.User")]
    [InlineData("codes", "Throttling.User", "Ecs:OutageAfter")]
    [InlineData("closed", "Closed now", "Settings in effect")]
    public async Task Explain_prints_the_whole_of_one_section_and_no_other(string section, string there, string notThere)
    {
        var cli = new Terminal();

        Assert.Equal(0, await cli.RunAsync("explain", "--only", section, "--ledger", "memory"));

        Assert.Contains(there, cli.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain(notThere, cli.ConsoleText, StringComparison.Ordinal);
    }

    /// <summary>Output that is a terminal, as far as it says.</summary>
    private sealed class RealTerminal(IAnsiConsoleOutput inner) : IAnsiConsoleOutput
    {
        public TextWriter Writer => inner.Writer;

        public bool IsTerminal => true;

        public int Width => inner.Width;

        public int Height => inner.Height;

        public void SetEncoding(System.Text.Encoding encoding) => inner.SetEncoding(encoding);
    }

    private static List<string> Lines(Terminal cli) =>
        [.. cli.ConsoleText.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
}
