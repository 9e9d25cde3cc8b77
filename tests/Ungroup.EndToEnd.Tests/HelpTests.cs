namespace Ungroup.EndToEnd.Tests;

/// <summary>What the program says about itself is a promise to scripts and people alike.</summary>
public sealed class HelpTests
{
    [Theory]
    [InlineData("ungroup")]
    [InlineData("ungroup sandbox")]
    [InlineData("ungroup worker")]
    [InlineData("ungroup send")]
    [InlineData("ungroup replay")]
    [InlineData("ungroup status")]
    [InlineData("ungroup explain")]
    public async Task Help_is_as_verified(string command)
    {
        var cli = new Terminal();

        Assert.Equal(0, await cli.RunAsync([.. command.Split(' ').Skip(1), "--help"]));
        Verified.Equal($"{command.Replace(' ', '-')}-help", cli.Out);
    }

    [Fact]
    public async Task Explain_prints_every_code_every_setting_and_no_secret()
    {
        using var scratch = new Scratch();
        var settings = scratch.File("settings.json", """{"Accounts":{"default":{"AccessKeyId":"LTAI-visible","AccessKeySecret":"very-secret"}},"Ledger":{"ConnectionString":"AccountKey=storage-key"},"Ecs":{"QuickTries":2}}""");
        var cli = new Terminal();

        Assert.Equal(0, await cli.RunAsync("explain", "--settings", settings, "--bus", "Endpoint=sb://broker.example;SharedAccessKeyName=u;SharedAccessKey=bus-key"));
        Assert.Contains("Throttling.User", cli.ConsoleText, StringComparison.Ordinal);
        Assert.Contains("at most 2 tries", cli.ConsoleText, StringComparison.Ordinal);
        Assert.Contains("sb://broker.example", cli.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", cli.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain("storage-key", cli.ConsoleText, StringComparison.Ordinal);
        Assert.DoesNotContain("bus-key", cli.ConsoleText, StringComparison.Ordinal);
    }
}
