using Ungroup.Cli.Sandbox;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Status;

public sealed class StatusCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Terminal _terminal = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_request_is_told_with_its_outcome_and_one_that_waits_with_what_it_waits_for()
    {
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(2, withFaults: false));
        var ledger = _scratch.File("ledger.db", "");
        await using (var worker = cloud.StartWorker(new(["--ledger", "sqlite", "--ledger-path", ledger], [])))
        {
            var (id, body) = CrashWorld.Request(1);
            await cloud.SendAsync([CrashWorld.Request(0), (id, body.Replace("sg-crash-web", "sg-nowhere", StringComparison.Ordinal))], Terminal.Patience);
            await worker.UntilAsync(() => cloud.Queue("removals") is { Active: 0, Locked: 0 } && cloud.Queue(Cloud.AllOutcomes).Active == 2, () => "not ended", Terminal.Patience);
        }

        Assert.Equal(0, await _terminal.RunAsync("status", "r-0", "--ledger-path", ledger));
        Assert.Contains("r-0 of account default: Removed, decided", _terminal.Out, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"ungroup.removal.Removed.v1\"", _terminal.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _terminal.RunAsync("status", "r-1", "--ledger-path", ledger));
        Assert.Contains("r-1 of account default: Failed (InvalidSecurityGroupId.NotFound)", _terminal.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_nobody_has_seen_is_said_to_be_unknown()
    {
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(1, withFaults: false));

        Assert.Equal(1, await _terminal.RunAsync("status", "r-9", "--account", "other", "--ledger-path", _scratch.File("ledger.db", "")));

        Assert.Contains("The ledger knows no request r-9 of account other.", _terminal.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistyped_path_is_told_and_nothing_is_written_there_or_beside_it()
    {
        var file = _scratch.File("notes.txt", "These are notes, and no ledger at all.");

        Assert.Equal(2, await _terminal.RunAsync("status", "r-1", "--ledger-path", file));
        Assert.Equal(2, await _terminal.RunAsync("status", "r-1", "--ledger-path", _scratch.At("lgder.db")));
        Assert.Equal(0, await _terminal.RunAsync("explain", "--ledger-path", _scratch.At("lgder.db")));

        Assert.Contains("notes.txt is no ledger; expected the worker's --ledger-path.", _terminal.Error, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(Path.GetDirectoryName(file)!));
        Assert.Equal("These are notes, and no ledger at all.", await File.ReadAllTextAsync(file, Terminal.Patience));
    }

    [Theory]
    [InlineData("status", "r-1\u001b[2J\nThe ledger says: Removed")]
    [InlineData("status", "r-1", "--account", "a\u009b31m\u202e\r\nx")]
    [InlineData("status", "r-1", "--no-such\u001b[2J")]
    [InlineData("send", "\u001b]0;title\u0007", "--bus", "amqp://broker")]
    public async Task What_was_typed_moves_no_cursor_and_forges_no_line(params string[] arguments)
    {
        await _terminal.RunAsync([.. arguments, .. arguments[0] == "status" ? (string[])["--ledger-path", _scratch.File("ledger.db", "")] : []]);

        var printed = _terminal.Out + _terminal.Error;
        Assert.DoesNotContain(printed, character => character != '\n' && (char.IsControl(character) || character == '\u202e'));
        Assert.DoesNotContain("\nThe ledger says", printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no ledger /nowhere/ledger.db", "--ledger-path", "/nowhere/ledger.db")]
    [InlineData("A ledger in memory is its worker's alone", "--ledger", "memory")]
    public async Task A_ledger_that_cannot_be_looked_at_is_named(string sentence, params string[] arguments)
    {
        Assert.Equal(2, await _terminal.RunAsync(["status", "r-1", .. arguments]));

        Assert.Contains(sentence, _terminal.Error, StringComparison.Ordinal);
    }
}
