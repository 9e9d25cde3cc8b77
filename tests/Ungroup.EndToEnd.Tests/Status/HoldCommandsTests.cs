using System.Text.Json;

namespace Ungroup.EndToEnd.Tests.Status;

public sealed class HoldCommandsTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _ledger;

    public HoldCommandsTests() => _ledger = _scratch.File("ledger.db", "");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_hold_is_put_listed_and_ended()
    {
        var put = await RunAsync(0, "pause", "--group", "sg-web", "--origin", "cleanup", "--reason", "change freeze", "--by", "ops", "--for", "2h");

        Assert.Matches("^[0-9a-f]{8}: clean-ups about sg-web, since .*Z, until .*Z, by ops: change freeze\n", put);
        Assert.Contains("0 would run out of time by", put, StringComparison.Ordinal);
        var id = put[..8];
        Assert.Contains(id, await RunAsync(0, "holds"), StringComparison.Ordinal);
        Assert.StartsWith($"Ended: {id}", await RunAsync(0, "resume", id), StringComparison.Ordinal);
        Assert.Equal("Nothing is held.\n", await RunAsync(0, "holds"));
        Assert.Equal("There is no hold.\n", await RunAsync(1, "resume", id));
    }

    [Fact]
    public async Task A_resume_ends_what_has_all_that_it_names()
    {
        await RunAsync(0, "pause", "--group", "sg-web", "--reason", "one");
        await RunAsync(0, "pause", "--group", "sg-web", "--account", "prod", "--reason", "two");
        await RunAsync(0, "pause", "--account", "prod", "--reason", "three");

        Assert.Equal("", await RunAsync(2, "resume"));
        Assert.StartsWith("No hold was meant; there are 3: ", await RunAsync(1, "resume", "--origin", "incident"), StringComparison.Ordinal);
        await RunAsync(0, "resume", "--group", "SG-web");
        Assert.Equal("three", Assert.Single(await ListAsync()).GetProperty("reason").GetString());
        await RunAsync(0, "resume");
        Assert.Empty(await ListAsync());
    }

    [Theory]
    [InlineData("`for` was \"2\"", "pause", "--reason", "x", "--for", "2")]
    [InlineData("`group` was \"web\"", "pause", "--reason", "x", "--group", "web")]
    [InlineData("`reason` was empty", "pause", "--reason", " ")]
    [InlineData("--reason", "pause")]
    public async Task A_slip_holds_nothing(string said, params string[] arguments)
    {
        var terminal = new Terminal();

        Assert.Equal(2, await terminal.RunAsync([.. arguments, "--ledger-path", _ledger]));

        Assert.Contains(said, terminal.Error, StringComparison.Ordinal);
        Assert.Empty(await ListAsync());
    }

    private async Task<string> RunAsync(int code, params string[] arguments)
    {
        var terminal = new Terminal();
        Assert.Equal(code, await terminal.RunAsync([.. arguments, "--ledger-path", _ledger]));
        return terminal.Out;
    }

    private async Task<List<JsonElement>> ListAsync() => [.. JsonElement.Parse(await RunAsync(0, "holds", "--json")).EnumerateArray()];
}
